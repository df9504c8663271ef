import type { RunResult } from '../run/evaluation.ts';

/** What every topic of the explain pages gets. */
export interface TopicProps {
  readonly projectId: string;
  readonly runId: string;
  readonly result: RunResult;
  readonly isReadOnly: boolean;
}
