import type { RunResult } from '../contract/run.ts';

/** What an experiment found and left in the staging folder. */
export interface ExperimentOutcome {
  readonly result: RunResult;
  readonly metricName: string;
  /** Row numbers of the locked test rows, ascending. */
  readonly testRows: Uint32Array;
  /** Files in the staging folder, by the name they are kept under. */
  readonly artefacts: readonly { readonly name: string; readonly file: string }[];
}
