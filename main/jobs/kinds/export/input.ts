import type { FitRows } from '../../../contract/run.ts';

export interface ExportInput {
  /** Path of the saved pipeline. */
  readonly pipeline: string;
  /** Data version the run learned from. */
  readonly file: string;
  /** What the run's models said of its validation rows; null for runs that kept nothing of it. */
  readonly predictions: string | null;
  /** The model of the run that `pipeline` is. */
  readonly rows: FitRows | 'final';
  /** ONNX file to write. */
  readonly out: string;
  /** Two classes: least probability at which the last one is labelled; the likelier one when left out. */
  readonly threshold?: number | undefined;
  /** Said beside the file: whose answers it gives. */
  readonly note?: string | undefined;
}

export interface ExportOutcome {
  readonly bytes: number;
}
