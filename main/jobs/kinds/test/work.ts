import { openTestRows } from '../../../experiment/testRows/open.ts';
import type { JobKindHandler } from '../../handlers.ts';
import type { TestInput, TestOutcome } from './input.ts';

/** Scores the models of a run on the test rows it kept back. */
export const work: JobKindHandler<TestInput, TestOutcome> = {
  kind: 'test',
  work: (input, context) => openTestRows(input, context),
};
