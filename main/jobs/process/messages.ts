/** What the engine and a job's process say to each other over IPC (structured clone: NaN and typed arrays survive). */
import type { AppErrorData } from '../../contract/errors.ts';
import type { JobKind, LogLine } from '../../contract/jobs.ts';
import type { RunFinding, SeriesPoint } from '../../contract/run.ts';

export interface StartMessage {
  readonly type: 'start';
  readonly jobId: string;
  readonly kind: JobKind;
  readonly input: unknown;
  readonly projectPath: string;
  readonly dataDir: string;
  readonly artefactsDir: string;
  readonly stagingDir: string;
  readonly checkpointFile: string;
  readonly threads: number;
  /** File URL of a module exporting `work`; the registry's own when null. */
  readonly workModule: string | null;
}

export type ToWorker =
  | StartMessage
  | { readonly type: 'cancel' }
  /** Load what this kind needs while waiting for work. */
  | { readonly type: 'preload'; readonly kind: JobKind };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly fraction: number | null; readonly step: string }
  | { readonly type: 'log'; readonly lines: readonly LogLine[] }
  | { readonly type: 'points'; readonly points: readonly SeriesPoint[] }
  | { readonly type: 'finding'; readonly finding: RunFinding }
  | { readonly type: 'done'; readonly outcome: unknown }
  | { readonly type: 'cancelled' }
  /** `detail` is for the engine's log, never for the window. */
  | { readonly type: 'failed'; readonly error: AppErrorData; readonly detail: string };
