import { describe, expect, test } from 'vitest';
import { dealFolds, possibleFolds, rowsOfFold } from '../../../../main/experiment/folds/deal.ts';
import { holdOutBy } from '../../../../main/experiment/folds/holdOut.ts';
import type { SplitRule } from '../../../../main/experiment/folds/rule.ts';
import { createRng } from '../../../../main/kernels/rng.ts';

const N = 600;
const rng = createRng(4);
const y = Float64Array.from({ length: N }, () => Number(rng.uniform() < 0.2));
const rows = { rowIds: Uint32Array.from({ length: N }, (_, i) => 3 * i), y };
/** Groups of 1 to 30 rows; every tenth row has none. */
const groups = Float64Array.from({ length: N }, (_, i) => (i % 10 === 0 ? -1 : Math.floor(60 * rng.uniform() ** 1.3)));
/** Times out of order, most of them of several rows; some missing. */
const times = Float64Array.from({ length: N }, (_, i) => (i % 50 === 0 ? NaN : rng.int(80)));
const byGroup: SplitRule = { kind: 'group', groups, column: 'who' };
const byTime: SplitRule = { kind: 'time', times, column: 'when' };
const rowOrder: SplitRule = { kind: 'time', times: Float64Array.from(y.keys()), column: 'rowOrder' };
const timeOf = (i: number) => (Number.isNaN(times[i]!) ? -Infinity : times[i]!);
const at = (values: Uint32Array, of: (i: number) => number) => Array.from(values, of);
const shareOf = (part: Uint32Array) => at(part, (i) => y[i]!).reduce((a, b) => a + b, 0) / part.length;

describe.each([
  ['all rows', undefined],
  ['a coreset', 60],
])('folds of %s', (_, treeParts) => {
  const deal = (rule: SplitRule, nFolds: number) =>
    dealFolds(rule, { nFolds, seed: 1, rows, isRegression: false, ...(treeParts && { treeParts }) });

  test.each([2, 5, 20])(
    '%i of them by group have no group on both sides, and are as even as groups allow',
    (nFolds) => {
      const dealt = deal(byGroup, nFolds);
      const nScored = new Uint8Array(N);
      for (let k = 0; k < nFolds; k++) {
        const { train, test: held } = rowsOfFold(dealt, k);
        const trained = new Set(at(train, (i) => groups[i]!).filter((g) => g >= 0));
        expect(at(held, (i) => groups[i]!).some((g) => trained.has(g))).toBe(false);
        expect(train.length + held.length).toBe(N);
        expect(Math.abs(held.length - N / nFolds)).toBeLessThan(0.25 * (N / nFolds));
        expect(Math.abs(shareOf(held) - shareOf(train))).toBeLessThan(nFolds <= 5 ? 0.04 : 0.1);
        for (const i of held) nScored[i]!++;
      }
      expect(nScored.every((n) => n === 1)).toBe(true);
    },
  );

  test.each([2, 5, 20])('%i of them by time are trained on earlier rows only, and part no time', (nFolds) => {
    const dealt = deal(byTime, nFolds);
    let nTrain = 0;
    for (let k = 0; k < nFolds; k++) {
      const { train, test: held } = rowsOfFold(dealt, k);
      expect(Math.max(...at(train, timeOf))).toBeLessThan(Math.min(...at(held, timeOf)));
      // The next fold trains on what this one was scored on.
      expect(train.length).toBeGreaterThan(nTrain);
      nTrain = train.length;
      expect(Math.abs(held.length - N / (nFolds + 1))).toBeLessThan(Math.max(20, 0.5 * (N / (nFolds + 1))));
    }
  });

  test('by row order go forward in the file', () => {
    const { train, test: held } = rowsOfFold(deal(rowOrder, 5), 2);
    expect([train.length, held.length]).toEqual([300, 100]);
    expect(Math.max(...train)).toBeLessThan(Math.min(...held));
  });

  test.each([
    ['groups', { kind: 'group', groups: y.map((_v, i) => i % 3), column: 'who' }, 3, 'has 3 groups|have 3 groups'],
    ['times', { kind: 'time', times: y.map((_v, i) => i % 4), column: 'when' }, 3, 'have 4 different times'],
  ] as const)('too many for the %s are refused with the number that is possible', (_kind, rule, possible, says) => {
    expect(possibleFolds(rule)).toBe(possible);
    expect(() => deal(rule, 5)).toThrow(expect.objectContaining({ code: 'FOLDS_TOO_MANY' }));
    expect(() => deal(rule, 5)).toThrow(new RegExp(`${says}.*at most ${possible} folds`));
    expect(deal(rule, possible).nFolds).toBe(possible);
  });

  test('one group allows none', () => {
    expect(() => deal({ kind: 'group', groups: new Float64Array(N), column: 'who' }, 2)).toThrow(/too few for any/);
  });
});

test('folds at random are even by class', () => {
  const dealt = dealFolds({ kind: 'random' }, { nFolds: 5, seed: 1, rows, isRegression: false });
  const shares = Array.from({ length: 5 }, (_, k) => shareOf(rowsOfFold(dealt, k).test));
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(0.01);
});

describe('rows held out of a fit', () => {
  const some = Uint32Array.from(y.keys()).filter((i) => i % 3 !== 0);
  const own = Float64Array.from(some, (i) => y[i]!);

  test.each([0.05, 0.1, 0.3])('are whole groups: %d of the rows', (share) => {
    const { train, held } = holdOutBy(byGroup, () => some, own)!(share)!;
    const trained = new Set(at(train, (k) => groups[some[k]!]!).filter((g) => g >= 0));
    expect(at(held, (k) => groups[some[k]!]!).some((g) => trained.has(g))).toBe(false);
    expect(train.length + held.length).toBe(some.length);
    expect(held.length / some.length).toBeGreaterThan(share / 2);
    expect(held.length / some.length).toBeLessThan(1.5 * share);
  });

  test.each([0.05, 0.1, 0.3])('are the last of the time: %d of the rows', (share) => {
    const { train, held } = holdOutBy(byTime, () => some, own)!(share)!;
    expect(Math.max(...at(train, (k) => timeOf(some[k]!)))).toBeLessThan(
      Math.min(...at(held, (k) => timeOf(some[k]!))),
    );
    expect(Math.abs(held.length / some.length - share)).toBeLessThan(0.02);
  });

  test('are left to the estimator where the split is at random, and none of one group or time', () => {
    expect(holdOutBy({ kind: 'random' }, () => some, own)).toBeUndefined();
    const none = new Float64Array(N);
    expect(holdOutBy({ kind: 'group', groups: none, column: 'who' }, () => some, own)!(0.1)).toBeNull();
    expect(holdOutBy({ kind: 'time', times: none, column: 'when' }, () => some, own)!(0.1)).toBeNull();
  });
});
