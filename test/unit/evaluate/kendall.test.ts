import { expect, test } from 'vitest';
import { kendallTau } from '../../../main/evaluate/kendall.ts';

// Expected values: scipy.stats.kendalltau (variant b), version 1.17.
test.each([
  { name: 'the same ranking', a: [0.1, 0.2, 0.3], b: [5, 6, 9], want: 1 },
  { name: 'the reverse', a: [1, 2, 3, 4], b: [4, 3, 2, 1], want: -1 },
  { name: 'one pair swapped', a: [1, 2, 3, 4], b: [1, 3, 2, 4], want: 2 / 3 },
  { name: 'ties in both', a: [12, 2, 1, 12, 2], b: [1, 4, 7, 1, 0], want: -0.47140452079103173 },
  { name: 'a failed configuration is left out', a: [1, NaN, 2, 3], b: [1, 7, 2, 3], want: 1 },
])('kendallTau: $name', ({ a, b, want }) => {
  expect(kendallTau(a, b)).toBeCloseTo(want, 12);
});

test.each([
  { name: 'all tied', a: [1, 1, 1], b: [1, 2, 3] },
  { name: 'one configuration', a: [1], b: [2] },
])('no ranking: $name', ({ a, b }) => {
  expect(kendallTau(a, b)).toBeNull();
});

test('scores within the tolerance count as tied', () => {
  expect(kendallTau([1, 1.0001, 2], [2, 1, 3], 0.001)).toBeCloseTo(2 / Math.sqrt(2 * 3), 12);
});

test('lists of different length are refused', () => {
  expect(() => kendallTau([1, 2], [1])).toThrow(RangeError);
});
