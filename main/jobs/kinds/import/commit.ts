import type { JobCommit } from '../../handlers.ts';
import type { ImportInput, ImportOutcome } from './input.ts';

/** The same name again is a new version of that data set; its earlier versions stay. */
export const commit: JobCommit<ImportInput, ImportOutcome> = {
  kind: 'import',
  commit({ version, profile }, { name, source }, { store }) {
    const { hash, nRows, bytes, columns, options } = version;
    store.files.adoptData(version.file, hash);
    const dataset = store.datasets.find(name) ?? store.datasets.insert({ name, source, importOptions: options });
    const kept = store.datasets.insertVersion(dataset.id, { hash, nRows, bytes, columns, note: 'as loaded' });
    store.datasets.saveProfile(kept.id, profile);
    return kept.id;
  },
};
