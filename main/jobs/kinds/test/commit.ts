import type { JobCommit } from '../../handlers.ts';
import type { TestInput, TestOutcome } from './input.ts';

/** From here on the rows count as looked at: nobody has seen a number before. */
export const commit: JobCommit<TestInput, TestOutcome> = {
  kind: 'test',
  commit({ testRowsHash, testRows, evaluations, nTest }, { runId }, { store }) {
    store.runs.openTest(runId, testRowsHash, { evaluations, nTest }, testRows);
    return runId;
  },
};
