import { describe, expect, test } from 'vitest';
import { createRng } from '../../../../main/kernels/rng.ts';
import { holdOutRows, LEAST_HELD } from '../../../../main/models/common/holdOut.ts';
import { holdOutFinding } from '../../../../main/models/common/holdOutFinding.ts';
import type { HoldOut, TargetInfo } from '../../../../main/models/estimator.ts';

const regression = { task: 'regression' } as const;
const classes = (nClasses: number): TargetInfo => ({ task: 'multiclass', nClasses });

/** Rows of each class as often as `sizes` says, mixed. */
function labels(sizes: readonly number[]): Float64Array {
  const y = sizes.flatMap((n, k) => Array.from({ length: n }, () => k));
  return Float64Array.from(y, (_, i) => y[(i * 7919) % y.length]!);
}

const countOf = (rows: Uint32Array, y: Float64Array, k: number) => rows.filter((row) => y[row] === k).length;

describe('the draw', () => {
  test.each([
    { name: 'even', sizes: [100, 100], share: 0.1, held: [10, 10] },
    { name: 'one tenth of each, the rare one too', sizes: [901, 80, 20], share: 0.1, held: [90, 8, 2] },
    { name: 'a class of one row stays', sizes: [59, 40, 1], share: 0.1, held: [6, 4, 0] },
    { name: 'a class keeps a row', sizes: [200, 2], share: 0.9, held: [181, 1] },
    { name: 'halves are rounded so that the total is right', sizes: [95, 95, 11], share: 0.1, held: [10, 9, 1] },
  ])('gives every class its share: $name', ({ sizes, share, held }) => {
    const y = labels(sizes);
    const parts = holdOutRows(y, classes(sizes.length), share, { rng: createRng(3) })!;
    const found = sizes.map((_, k) => countOf(parts.held, y, k)).toSorted((a, b) => b - a);
    expect(found).toEqual(held.toSorted((a, b) => b - a));
    sizes.forEach((n, k) => expect(countOf(parts.train, y, k) + countOf(parts.held, y, k)).toBe(n));
    sizes.forEach((_, k) => expect(countOf(parts.train, y, k)).toBeGreaterThan(0));
  });

  test('many classes of a few rows each give up the share of all, one row a class', () => {
    const y = labels(Array.from({ length: 100 }, () => 4));
    const { held } = holdOutRows(y, classes(100), 0.1, { rng: createRng(3) })!;
    expect(held).toHaveLength(40);
    expect(new Set(held.map((row) => y[row]!)).size).toBe(40);
  });

  test('parts are disjoint, ascending and all rows; another generator draws others', () => {
    const y = Float64Array.from({ length: 200 }, (_, i) => i);
    const { train, held } = holdOutRows(y, regression, 0.25, { rng: createRng(1) })!;
    expect(held).toHaveLength(50);
    expect([...train, ...held].toSorted((a, b) => a - b)).toEqual([...y]);
    for (const part of [train, held]) expect(part).toEqual(part.toSorted());
    expect(holdOutRows(y, regression, 0.25, { rng: createRng(1) })!.held).toEqual(held);
    expect(holdOutRows(y, regression, 0.25, { rng: createRng(2) })!.held).not.toEqual(held);
  });

  test('rows of weight 0 are in neither part and do not sway it; weights follow their rows', () => {
    const y = labels([80, 40]);
    const sampleWeight = y.map((_, i) => (i % 3 === 0 ? 0 : 1 + i));
    const rng = createRng(5);
    const parts = holdOutRows(y, classes(2), 0.2, { rng, sampleWeight })!;
    expect(parts.train.length + parts.held.length).toBe(80);
    expect(parts.trainWeight).toEqual(Float64Array.from(parts.train, (row) => sampleWeight[row]!));
    expect(parts.heldWeight).toEqual(Float64Array.from(parts.held, (row) => sampleWeight[row]!));
    const kept = Uint32Array.from(y.keys()).filter((i) => sampleWeight[i]! > 0);
    const alone = holdOutRows(
      Float64Array.from(kept, (i) => y[i]!),
      classes(2),
      0.2,
      { rng },
    )!;
    expect(alone.held.map((k) => kept[k]!)).toEqual(parts.held);
  });
});

describe('the rule of the split', () => {
  const y = labels([60, 40]);
  const last = (share: number): HoldOut => {
    const at = Math.round((1 - share) * y.length);
    const rows = Uint32Array.from(y.keys());
    return { train: rows.subarray(0, at), held: rows.subarray(at) };
  };

  test('is followed, with the weights of the fit or its own', () => {
    const plain = holdOutRows(y, classes(2), 0.3, { rng: createRng(1), holdOut: last })!;
    expect(plain).toEqual(last(0.3));
    const sampleWeight = y.map((_, i) => (i === 99 ? 0 : i + 1));
    const weighted = holdOutRows(y, classes(2), 0.3, { rng: createRng(1), holdOut: last, sampleWeight })!;
    expect(weighted.held).toEqual(last(0.3).held.subarray(0, 29));
    expect(weighted.heldWeight).toEqual(sampleWeight.subarray(70, 99));
    const own = (share: number) => ({ ...last(share), trainWeight: new Float64Array(70).fill(2) });
    const mixed = holdOutRows(y, classes(2), 0.3, { rng: createRng(1), holdOut: own, sampleWeight })!;
    expect(mixed.trainWeight).toEqual(new Float64Array(70).fill(2));
    expect(mixed.heldWeight).toEqual(weighted.heldWeight);
  });

  test('a class that it holds out whole is trained on, with its weights', () => {
    const late = y.map((k, i) => (i >= 97 ? 2 : k));
    const parts = holdOutRows(late, classes(3), 0.3, { rng: createRng(1), holdOut: last })!;
    expect([...parts.train.subarray(67)]).toEqual([67, 68, 69, 97, 98, 99]);
    expect(parts.held).toEqual(last(0.3).held.subarray(0, 27));
    expect(parts.trainWeight).toBeUndefined();
    const own = (share: number) => ({ ...last(share), heldWeight: new Float64Array(30).fill(3) });
    const weighted = holdOutRows(late, classes(3), 0.3, { rng: createRng(1), holdOut: own })!;
    expect([...weighted.trainWeight!.subarray(69)]).toEqual([1, 3, 3, 3]);
    expect(weighted.heldWeight).toEqual(new Float64Array(27).fill(3));
  });

  test('may have too few rows', () => {
    expect(holdOutRows(y, classes(2), 0.3, { rng: createRng(1), holdOut: () => null })).toBeNull();
  });
});

describe('too few rows', () => {
  test.each([
    { name: 'of 44 rows a tenth is 4', y: new Float64Array(44).map((_, i) => i), target: regression, isNull: true },
    { name: 'of 45 it is 5', y: new Float64Array(45).map((_, i) => i), target: regression, isNull: false },
    { name: 'one class is left', y: labels([96, 4]), target: classes(2), isNull: true },
    { name: 'the second class has a row', y: labels([95, 5]), target: classes(2), isNull: false },
  ])('$name', ({ y, target, isNull }) => {
    const parts = holdOutRows(y, target, 0.1, { rng: createRng(1) });
    expect(parts === null).toBe(isNull);
    expect((parts?.held.length ?? LEAST_HELD) >= LEAST_HELD).toBe(true);
  });

  test.each([
    { name: 'regression', y: new Float64Array(20), target: regression, share: 0.1, label: 'Hold out 25 %' },
    { name: 'a rare class', y: labels([96, 4]), target: classes(2), share: 0.1, label: 'Hold out 15 %' },
    { name: 'nothing would do', y: labels([99, 1]), target: classes(2), share: 0.1, label: null },
  ])('what would do is said and does: $name', ({ y, target, share, label }) => {
    const context = { rng: createRng(1) };
    const ask = { y, target, share, context, purpose: 'early stopping', instead: 'All rows were trained on.' };
    const finding = holdOutFinding(holdOutRows(y, target, share, context), ask)!;
    expect(finding).toMatchObject({ code: 'HOLD_OUT_TOO_SMALL', severity: 'warning' });
    expect(finding.detail).toContain(`10 % of ${y.length} training rows`);
    const labelled = finding.remedies.map((remedy) => remedy.label);
    expect(labelled).toEqual([...(label === null ? [] : [label]), 'Train without early stopping']);
    const patch = finding.remedies[0]!.patch as { model: { params: { validationFraction?: number } } };
    const enough = patch.model.params.validationFraction;
    expect(enough === undefined || holdOutRows(y, target, enough, context) !== null).toBe(true);
    expect(enough === undefined).toBe(label === null);
  });

  test('a class without a held row is named, with the share that gives it one', () => {
    const y = labels([60, 37, 3]);
    const target = { task: 'multiclass', nClasses: 3, classNames: ['a', 'b', 'c'] } as const;
    const context = { rng: createRng(1) };
    const parts = holdOutRows(y, target, 0.1, context);
    const ask = { y, target, share: 0.1, context, purpose: 'early stopping', instead: '' };
    expect(holdOutFinding(parts, ask)).toMatchObject({
      code: 'HOLD_OUT_LACKS_CLASS',
      severity: 'info',
      title: 'No row of "c" is held out',
      remedies: [{ label: 'Hold out 20 %' }],
    });
    const enough = holdOutRows(y, target, 0.2, context);
    expect(holdOutFinding(enough, { ...ask, share: 0.2 })).toBeNull();
  });
});
