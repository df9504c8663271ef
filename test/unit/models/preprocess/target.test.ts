import { describe, expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { Table } from '../../../../main/kernels/table.ts';
import type { TargetInfo } from '../../../../main/models/estimator.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';
import { crossEncode, encodeLevels, foldsOf } from '../../../../main/models/preprocess/targetEncoding.ts';

const regression: TargetInfo = { task: 'regression' };
const three: TargetInfo = { task: 'multiclass', nClasses: 3, classNames: ['low', 'middle', 'high'] };

function draw(n: number, nLevels: number, info: TargetInfo, seed: number) {
  const rng = createRng(seed);
  const codes = Int32Array.from({ length: n }, () => (rng.uniform() < 0.05 ? -1 : rng.int(nLevels)));
  const y = Float64Array.from(codes, (code) =>
    info.task === 'regression' ? 100 + code + rng.normal() : rng.int(info.nClasses),
  );
  return { codes, y };
}

describe('encodings', () => {
  test.each([
    { name: 'a level without rows', codes: [0, 0, 1, 1], y: [1, 2, 3, 6], smoothing: 'auto', level: 2, want: 3 },
    { name: 'no smoothing: the mean', codes: [0, 0, 1, 1], y: [1, 2, 3, 6], smoothing: 0, level: 1, want: 4.5 },
    { name: 'two rows at the mean of all', codes: [0, 0, 1, 1], y: [1, 2, 3, 6], smoothing: 2, level: 1, want: 3.75 },
    { name: 'a target without spread', codes: [0, 0, 1, 1], y: [7, 7, 7, 7], smoothing: 'auto', level: 0, want: 7 },
    { name: 'no level at all', codes: [-1, -1, 0, 0], y: [0, 0, 2, 2], smoothing: 2, level: 0, want: 1.5 },
  ] as const)('$name', ({ codes, y, smoothing, level, want }) => {
    const found = encodeLevels(Int32Array.from(codes), 3, { info: regression, y: Float64Array.from(y) }, smoothing);
    expect(found.values[level]).toBeCloseTo(want, 12);
  });

  test.each([regression, three])('integer weights equal repeated rows, 0 is absent: $task', (info) => {
    const { codes, y } = draw(80, 4, info, 1);
    const weight = Float64Array.from(codes, (_, i) => i % 4);
    const repeated = [...codes.keys()].flatMap((i) => Array.from({ length: weight[i]! }, () => i));
    const weighted = encodeLevels(codes, 4, { info, y, weight }, 'auto');
    const plain = encodeLevels(
      Int32Array.from(repeated, (i) => codes[i]!),
      4,
      { info, y: Float64Array.from(repeated, (i) => y[i]!) },
      'auto',
    );
    weighted.values.forEach((v, at) => expect(v).toBeCloseTo(plain.values[at]!, 9));
    weighted.prior.forEach((v, at) => expect(v).toBeCloseTo(plain.prior[at]!, 9));
  });
});

describe('training rows', () => {
  test.each([regression, three])('are encoded by the other folds: $task', (info) => {
    const { codes, y } = draw(203, 7, info, 2);
    const folds = foldsOf({ info, y });
    const found = crossEncode(codes, 7, { info, y }, 'auto');
    const nOutputs = found.length / 203;
    for (let i = 0; i < 203; i++) {
      const others = [...codes.keys()].filter((j) => folds[j] !== folds[i]);
      const { values, prior } = encodeLevels(
        Int32Array.from(others, (j) => codes[j]!),
        7,
        { info, y: Float64Array.from(others, (j) => y[j]!) },
        'auto',
      );
      for (let k = 0; k < nOutputs; k++)
        expect(found[i * nOutputs + k]).toBeCloseTo(codes[i]! < 0 ? prior[k]! : values[codes[i]! * nOutputs + k]!, 10);
    }
  });

  test("no row's own target moves its feature, though it moves others'", () => {
    const { codes, y } = draw(60, 3, regression, 3);
    const before = crossEncode(codes, 3, { info: regression, y }, 'auto');
    const changed = Float64Array.from(y, (v, i) => (i === 17 ? v + 1000 : v));
    const after = crossEncode(codes, 3, { info: regression, y: changed }, 'auto');
    expect(after[17]).toBe(before[17]);
    expect(after).not.toEqual(before);
  });

  test('folds have equal class shares and sizes', () => {
    const { y } = draw(1000, 3, three, 4);
    const folds = foldsOf({ info: three, y });
    for (let k = 0; k < 3; k++) {
      const counts = [0, 1, 2, 3, 4].map((fold) => y.filter((v, i) => v === k && folds[i] === fold).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  test('two rows are enough', () => {
    const y = Float64Array.of(1, 3);
    expect([...crossEncode(Int32Array.of(0, 0), 1, { info: regression, y }, 0)]).toEqual([3, 1]);
    expect([...crossEncode(Int32Array.of(0), 1, { info: regression, y: Float64Array.of(5) }, 0)]).toEqual([5]);
  });
});

describe('in the preprocessor', () => {
  const n = 400;
  const rng = createRng(5);
  // Every level once or twice: noise, however many there are.
  const codes = Int32Array.from({ length: n }, () => rng.int(250));
  const levels = Array.from({ length: 250 }, (_, i) => `level ${i}`);
  const table: Table = { nRows: n, columns: [{ kind: 'category', name: 'id', codes, levels }] };
  const y = Float64Array.from({ length: n }, () => rng.int(2));
  const info: TargetInfo = { task: 'binary', nClasses: 2, classNames: ['no', 'yes'] };
  const config = (extra: object = {}) =>
    PreprocessConfig.parse({ encode: 'target', types: { id: 'category' }, ...extra });
  const inputs = [{ name: 'id', type: 'text', as: 'category' }] as const;

  const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    const mean = (v: ArrayLike<number>) => Array.from(v).reduce((s, x) => s + x, 0) / v.length;
    const [ma, mb] = [mean(a), mean(b)];
    const sum = (f: (i: number) => number) =>
      Array.from({ length: a.length }, (_, i) => f(i)).reduce((s, x) => s + x, 0);
    const cov = sum((i) => (a[i]! - ma) * (b[i]! - mb));
    return cov / Math.sqrt(sum((i) => (a[i]! - ma) ** 2) * sum((i) => (b[i]! - mb) ** 2));
  };

  test('noise is no feature for training rows, where plain encodings would give the target away', () => {
    const preprocessor = fitPreprocessor(table, inputs, config(), { isNative: false, target: { info, y } });
    expect(preprocessor.features.map(({ name }) => name)).toEqual(['id: share of yes']);
    expect(correlation(preprocessor.transform(table).data, y)).toBeGreaterThan(0.7);
    expect(correlation(preprocessor.transformTraining(table, { info, y }).data, y)).toBeLessThan(0.15);
  });

  test('training features are standardised, and not for models that take numbers as they are', () => {
    const fit = (isNative: boolean) =>
      fitPreprocessor(table, inputs, config(), { isNative, target: { info, y } }).transformTraining(table, { info, y });
    const mean = (data: ArrayLike<number>) => Array.from(data).reduce((s, v) => s + v, 0) / n;
    expect(mean(fit(false).data)).toBeCloseTo(0, 5);
    expect(mean(fit(true).data)).toBeCloseTo(mean(y), 1);
  });

  test('unseen levels and missing cells that training did not have get the mean of all', () => {
    const preprocessor = fitPreprocessor(table, inputs, config({ scale: 'none' }), {
      isNative: false,
      target: { info, y },
    });
    const fresh: Table = {
      nRows: 2,
      columns: [{ kind: 'category', name: 'id', codes: Int32Array.of(-1, 0), levels: ['never seen'] }],
    };
    const prior = y.reduce((s, v) => s + v, 0) / n;
    for (const v of preprocessor.transform(fresh).data) expect(v).toBeCloseTo(prior, 6);
  });
});
