import { basename } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';

/** Path of a version's Parquet file; throws AppError VERSION_NOT_FOUND. */
export function versionFile(engine: EngineContext, projectId: string, versionId: string): string {
  const { store } = engine.project(projectId);
  for (const dataset of store.datasets.list()) {
    const version = dataset.versions.find(({ id }) => id === versionId);
    if (version) return store.files.dataPath(version.hash);
  }
  throw new AppError({
    code: 'VERSION_NOT_FOUND',
    message: 'This version of the data is not in the project any more.',
  });
}

/** DuckDB is loaded with the first call that needs it, not when the engine starts. */
export const dataCalls = {
  'data.inspect': async ({ file, options }, engine) => {
    const { inspectFile } = await import('../../data/inspectFile.ts');
    return inspectFile(await engine.resolveFile(file), options);
  },
  'data.import': async ({ projectId, file, options, name }, engine) => {
    engine.writableProject(projectId);
    const path = await engine.resolveFile(file);
    const source = basename(path);
    const title = name ?? source.replace(/\.[a-z0-9]+(\.gz)?$/i, '');
    const job = engine.submit({
      projectId,
      kind: 'import',
      title: `Import ${source}`,
      input: { path, source, name: title, options },
      isResumable: true,
    });
    return { jobId: job.id };
  },
  'data.list': ({ projectId }, engine) => engine.project(projectId).store.datasets.list(),
  'data.page': async ({ projectId, versionId, ...request }, engine) => {
    const { readPage } = await import('../../data/page.ts');
    return readPage(versionFile(engine, projectId, versionId), request);
  },
  'data.profile': async ({ projectId, versionId }, engine) => {
    const { store, isReadOnly } = engine.project(projectId);
    const kept = store.datasets.profile(versionId);
    if (kept) return kept;
    const { profileVersion } = await import('../../data/profile.ts');
    const profile = await profileVersion(versionFile(engine, projectId, versionId));
    if (!isReadOnly) store.datasets.saveProfile(versionId, profile);
    return profile;
  },
  'data.findings': async ({ projectId, versionId, target }, engine) => {
    const file = versionFile(engine, projectId, versionId);
    const { store } = engine.project(projectId);
    const { versionFindings } = await import('../dependence/versionFindings.ts');
    const { profileVersion } = await import('../../data/profile.ts');
    return versionFindings(file, store.datasets.profile(versionId) ?? (await profileVersion(file)), target);
  },
  'data.remove': ({ projectId, datasetId }, engine) => {
    const { store } = engine.writableProject(projectId);
    store.transaction(() => store.datasets.remove(datasetId));
    engine.emit({ type: 'changed', projectId, what: 'data' });
    return {};
  },
} satisfies CallHandlers;
