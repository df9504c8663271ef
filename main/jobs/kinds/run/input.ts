import type { RunConfig } from '../../../contract/config.ts';
import type { ColumnProfile, ImportOptions } from '../../../contract/data.ts';
import type { ImportedVersion } from '../../../data/importFile.ts';
import type { ExperimentOutcome } from '../../../experiment/outcome.ts';

export interface RunInput {
  readonly config: RunConfig;
  /** A version of the project, or a file that the run imports first. */
  readonly data:
    | { readonly kind: 'version'; readonly file: string; readonly hash: string }
    | {
        readonly kind: 'file';
        readonly path: string;
        readonly source: string;
        readonly name: string;
        readonly options: ImportOptions;
      };
}

export interface RunOutcome extends ExperimentOutcome {
  /** Set when the run imported its data. */
  readonly imported: { readonly version: ImportedVersion; readonly profile: readonly ColumnProfile[] } | null;
}
