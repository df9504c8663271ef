import type { JobCommit } from '../../handlers.ts';
import { openedRows } from './openedRows.ts';
import type { RunInput, RunOutcome } from './input.ts';

/** The record of a run, and the data it imported, in one transaction. */
export const commit: JobCommit<RunInput, RunOutcome> = {
  kind: 'run',
  commit({ result, metricName, testRows, imported, artefacts }, { data }, { store }, job) {
    if (job.runId === null) return null;
    if (imported && data.kind === 'file') {
      const { hash, nRows, bytes, columns, options, file } = imported.version;
      store.files.adoptData(file, hash);
      const dataset =
        store.datasets.find(data.name) ??
        store.datasets.insert({ name: data.name, source: data.source, importOptions: options });
      const version = store.datasets.insertVersion(dataset.id, { hash, nRows, bytes, columns, note: 'as loaded' });
      store.datasets.saveProfile(version.id, imported.profile);
      store.runs.update(job.runId, { versionId: version.id, versionHash: hash, dataset: dataset.name });
    }
    for (const { name, file } of artefacts) store.artefacts.add(job.runId, name, file);
    const openedBefore = openedRows(store.runs.openedBefore(job.runId, result.nRows, testRows));
    const findings = [...openedBefore, ...result.findings];
    store.runs.complete(job.runId, { ...result, findings }, metricName);
    if (testRows.length > 0) store.runs.keepTestRows(job.runId, testRows);
    return job.runId;
  },
};
