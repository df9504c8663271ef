import type { RankingCheck, Trial } from '../contract/run.ts';

/** What the search of a run found. */
export interface Tuned {
  readonly params: Readonly<Record<string, unknown>>;
  readonly trials: Trial[];
  /** Null when nothing was searched. */
  readonly metric: string | null;
  /** Rows of one fit of the search. */
  readonly nRows: number;
  /** Null where there was nothing to compare the ranking with. */
  readonly ranking?: RankingCheck | null;
}
