import type { ColumnProfile, ImportOptions } from '../../../contract/data.ts';
import type { ImportedVersion } from '../../../data/importFile.ts';

export interface ImportInput {
  /** Path on disk. */
  readonly path: string;
  /** What the person knows the file as. */
  readonly source: string;
  readonly name: string;
  readonly options: ImportOptions;
}

export interface ImportOutcome {
  readonly version: ImportedVersion;
  readonly profile: readonly ColumnProfile[];
}
