import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CandidatesAnswer } from '../../contract/candidates.ts';
import { patchYaml } from '../../contract/patchYaml.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';
import type { CandidatesInput } from '../kinds/candidates/input.ts';
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
    const dataset = store.datasets.ofVersion(versionId).name;
    const proposal = await propose(file, dataset, profile, target);
    return { yaml: proposal.yaml, target: proposal.target, reasons: [...proposal.reasons, ...proposal.findings] };
  },
  'config.candidates': async ({ projectId, versionId, target, budgetS }, engine) => {
    const file = versionFile(engine, projectId, versionId);
    const { store } = engine.writableProject(projectId);
    const { propose } = await import('../config/propose.ts');
    const { profileVersion } = await import('../../data/profile.ts');
    const profile = store.datasets.profile(versionId) ?? (await profileVersion(file));
    const dataset = store.datasets.ofVersion(versionId).name;
    const { yaml, findings } = await propose(file, dataset, profile, target);
    const input: CandidatesInput = {
      versionId,
      file,
      yaml,
      reasons: findings,
      budgetS,
      artefact: candidatesOf(target),
    };
    const title = `Candidates for ${target} of ${dataset}`;
    return { jobId: engine.submit({ projectId, kind: 'candidates', title, input, isResumable: true }).id };
  },
  'config.candidatesAnswer': ({ projectId, versionId, target }, engine) => {
    const { artefacts } = engine.project(projectId).store;
    const name = candidatesOf(target);
    if (!artefacts.find(versionId, name)) return null;
    return CandidatesAnswer.parse(JSON.parse(readFileSync(artefacts.path(versionId, name), 'utf8')));
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

/** Name under which the comparison for a target is kept with its data version. */
const candidatesOf = (target: string): string =>
  `candidates-${createHash('sha256').update(target).digest('hex').slice(0, 12)}`;

type Store = ReturnType<EngineContext['project']>['store'];

function change(engine: EngineContext, projectId: string, work: (store: Store) => void): Record<string, never> {
  const { store } = engine.writableProject(projectId);
  store.transaction(() => work(store));
  engine.emit({ type: 'changed', projectId, what: 'configs' });
  return {};
}
