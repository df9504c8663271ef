import type { RunResult } from '../run/evaluation.ts';

/** What every topic of the explain pages gets. */
export interface TopicProps {
  readonly projectId: string;
  readonly runId: string;
  readonly result: RunResult;
  readonly isReadOnly: boolean;
  /** Writes a change into the run's configuration; with `isRetrain` a new run starts at once. */
  readonly onApply: (patch: Readonly<Record<string, unknown>>, isRetrain: boolean) => void;
}
