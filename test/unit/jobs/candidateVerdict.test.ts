import { expect, test } from 'vitest';
import type { CandidateResult } from '../../../main/contract/candidates.ts';
import { verdictOf } from '../../../main/jobs/kinds/candidates/result.ts';

const scored = (title: string, mean: number, nTrials: number): CandidateResult => ({
  type: title.toLowerCase(),
  title,
  reasons: [],
  params: {},
  nTrials,
  nFitRows: 100,
  estimate: null,
  seconds: 1,
  state: 'done',
  score: { mean, low: mean - 0.01, high: mean + 0.01 },
  foldScores: [mean, mean],
  gapToBest: null,
  yaml: '',
});

test.each([
  { name: 'several configurations have chosen', trials: [7, 5], says: /chose among 12 configurations.*flatters/ },
  { name: 'one was tried', trials: [1], says: /^Ridge is the only one that was compared\.$/ },
])('a verdict says what its scores are worth: $name', ({ trials, says }) => {
  const titles = ['Ridge', 'Boosting'];
  const list = trials.map((nTrials, i) => scored(titles[i]!, 0.8 - i / 10, nTrials));
  expect(verdictOf(list, 'rocAuc')).toMatch(says);
});
