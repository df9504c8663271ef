import type { TestRowsInput, TestRowsOutcome } from '../../../experiment/testRows/open.ts';

export interface TestInput extends TestRowsInput {
  readonly runId: string;
}

export type TestOutcome = TestRowsOutcome;
