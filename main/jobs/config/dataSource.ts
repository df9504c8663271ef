import { basename } from 'node:path';
import type { RunConfig } from '../../contract/config.ts';
import type { DataVersion, Dataset } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { nearestName } from '../../data/nearestName.ts';
import type { ProjectStore } from '../../store/projectStore.ts';
import type { KnownColumns } from './checkConfig.ts';

type Data = RunConfig['data'];

/** The version of the project that `data` names, or null when it names a file; throws AppError where there is none. */
export function versionOf(store: ProjectStore, data: Data): { dataset: Dataset; version: DataVersion } | null {
  if (data.version !== undefined) {
    const version = store.datasets.versionByHash(data.version);
    if (!version) throw notFound(`The project has no version "${data.version}" of its data.`);
    return { dataset: store.datasets.ofVersion(version.id), version };
  }
  if (data.dataset === undefined) return null;
  const dataset = store.datasets.find(data.dataset);
  const version = dataset?.versions[0];
  if (dataset && version) return { dataset, version };
  const names = store.datasets.list().map(({ name }) => name);
  const nearest = nearestName(data.dataset, names);
  const known = names.length > 0 ? ` There are: ${names.join(', ')}.` : ' Import a file first.';
  throw notFound(
    `The project has no data set "${data.dataset}"${nearest ? `; did you mean "${nearest}"?` : `.${known}`}`,
  );
}

/** Columns that a configuration may name; null for a file, which is read when the run starts. */
export function columnsOf(store: ProjectStore, data: Data): KnownColumns {
  return versionOf(store, data)?.version.columns ?? null;
}

/** Name of the data set a file becomes. */
export const datasetName = (path: string): string => basename(path).replace(/\.[a-z0-9]+(\.gz)?$/i, '');

const notFound = (message: string): AppError =>
  new AppError({ code: 'DATASET_NOT_FOUND', message, fix: { kind: 'importData', label: 'Import the file' } });
