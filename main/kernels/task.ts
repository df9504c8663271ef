/**
 * What a long computation may ask of the job it runs in: report progress, let a cancel message arrive, stop.
 * Plain data and functions, so that kernels and estimators need no job queue to be run or tested.
 */
export interface TaskContext {
  /** Aborted when the person cancels; its reason is what `throwIfAborted` throws. */
  readonly signal: AbortSignal;
  /** True about every 50 ms; cheap enough to ask in every iteration. */
  isDue(): boolean;
  /** Lets messages in; call it when `isDue()`, then `signal.throwIfAborted()`. */
  yield(): Promise<void>;
  /** `fraction` in [0, 1] of the current step, or null when the total is unknown. */
  report(progress: { fraction: number | null; step?: string }): void;
  /** One line for the job's log. */
  log(line: string): void;
  /** A point of a live curve (loss, metric, gradient norm …) of this job. */
  point(series: string, step: number, value: number): void;
}

/** A context that never cancels and keeps nothing: for tests and for work too short to report. */
export const quietTask: TaskContext = {
  signal: new AbortController().signal,
  isDue: () => false,
  yield: async () => {},
  report: () => {},
  log: () => {},
  point: () => {},
};

/** `task` seen as the slice [from, to] of its progress, so that steps compose. */
export function subtask(task: TaskContext, from: number, to: number, step?: string): TaskContext {
  return {
    signal: task.signal,
    isDue: () => task.isDue(),
    yield: () => task.yield(),
    log: (line) => task.log(line),
    point: (series, at, value) => task.point(series, at, value),
    report: ({ fraction, step: inner }) => {
      const label = inner ?? step;
      task.report({
        fraction: fraction === null ? from : from + (to - from) * fraction,
        ...(label !== undefined && { step: label }),
      });
    },
  };
}
