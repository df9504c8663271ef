import { patchYaml } from '../../contract/patchYaml.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';
import { versionFile } from './data.ts';

/** Estimators and their schema are loaded with the first call that needs them, not when the engine starts. */
const checks = () => import('../config/checkConfig.ts');
const sources = () => import('../config/dataSource.ts');

/** Configurations: checked, proposed, kept; and the runs they start. */
export const configCalls = {
  'config.check': async ({ projectId, yaml }, engine) => {
    const { checkConfig } = await checks();
    const { columnsOf } = await sources();
    const store = projectId === null ? null : engine.project(projectId).store;
    return checkConfig(yaml, (data) => (store ? columnsOf(store, data) : null));
  },
  'config.schema': async () => {
    const { configSchema } = await import('../config/jsonSchema.ts');
    const { estimatorSpecs } = await import('../../models/registry.ts');
    return configSchema(await estimatorSpecs());
  },
  'config.propose': async ({ projectId, versionId, target }, engine) => {
    const file = versionFile(engine, projectId, versionId);
    const { store } = engine.project(projectId);
    const { propose } = await import('../config/propose.ts');
    const { profileVersion } = await import('../../data/profile.ts');
    const profile = store.datasets.profile(versionId) ?? (await profileVersion(file));
    return propose(file, store.datasets.ofVersion(versionId).name, profile, target);
  },
  'config.patch': ({ yaml, patch }) => ({ yaml: patchYaml(yaml, patch) }),
  'config.estimators': async () => {
    const { estimatorSpecs } = await import('../../models/registry.ts');
    return estimatorSpecs();
  },
  'config.files': ({ projectId }, engine) => engine.project(projectId).store.configs.list(),
  'config.save': ({ projectId, name, yaml }, engine) =>
    change(engine, projectId, ({ configs }) => configs.save(name, yaml)),
  'config.removeFile': ({ projectId, name }, engine) =>
    change(engine, projectId, ({ configs }) => configs.remove(name)),
} satisfies CallHandlers;

type Store = ReturnType<EngineContext['project']>['store'];

function change(engine: EngineContext, projectId: string, work: (store: Store) => void): Record<string, never> {
  const { store } = engine.writableProject(projectId);
  store.transaction(() => work(store));
  engine.emit({ type: 'changed', projectId, what: 'configs' });
  return {};
}
