import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../main/contract/config.ts';
import type { SeriesPoint } from '../../../main/contract/run.ts';
import { fitOn } from '../../../main/experiment/fit/fitStep.ts';
import { validationCurve } from '../../../main/experiment/fit/validationCurve.ts';
import { prepare } from '../../../main/experiment/rows/prepare.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { versionOf } from '../../helpers/tableFile.ts';

const regression = { task: 'regression' } as const;
const binary = { task: 'binary', nClasses: 2 } as const;
const X = matrix(new Float32Array(4), 4, 1);

describe('the points of a step', () => {
  const e = Math.E;
  test.each([
    { loss: 'squaredError', params: {}, y: [1, 2, 3, 4], said: [1, 2, 3, 0], want: 4 },
    { loss: 'pinball', params: { loss: 'quantile', quantile: 0.9 }, y: [1, 0, 0, 0], said: [0, 1, 0, 0], want: 0.25 },
    { loss: 'pinball at ½', params: { loss: 'absoluteError' }, y: [1, 0, 0, 0], said: [0, 3, 0, 0], want: 0.5 },
    { loss: 'Poisson', params: { loss: 'poisson' }, y: [0, 1, 2, 0], said: [1, e, 1, 1], want: (3 + e - 1) / 4 },
  ])('are in the loss trained by: $loss', ({ params, y, said, want }) => {
    const points: SeriesPoint[] = [];
    const rows = { X, y: Float64Array.from(y) };
    validationCurve(rows, regression, params, points, quietTask).told(3, matrix(Float64Array.from(said), 4, 1));
    expect(points.map(({ series, step }) => [series, step])).toEqual([
      ['loss.validation', 3],
      ['metric.rmse', 3],
    ]);
    expect(points[0]!.value).toBeCloseTo(want, 12);
  });

  test('of classes are log loss and accuracy, and those of an earlier sitting are told again', () => {
    const points: SeriesPoint[] = [{ series: 'loss.validation', step: 1, value: 9 }];
    const told: SeriesPoint[] = [];
    const task = { point: (series: string, step: number, value: number) => void told.push({ series, step, value }) };
    const watch = validationCurve({ X, y: Float64Array.of(0, 1, 1, 0) }, binary, {}, points, task);
    watch.told(2, matrix(Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.25, 0.75, 0, 1), 4, 2));
    expect(told).toEqual(points);
    expect(told.map(({ series, step }) => `${series} ${step}`)).toEqual([
      'loss.validation 1',
      'loss.validation 2',
      'metric.accuracy 2',
    ]);
    // A probability of 0 counts as 2^-52, as in scikit-learn.
    expect(told[1]!.value).toBeCloseTo((2 * Math.log(2) - Math.log(0.75) + 52 * Math.log(2)) / 4, 12);
    expect(told[2]!.value).toBe(0.5);
  });

  test('are of rows from first to last, at most 4,096', () => {
    const many = matrix(
      Float32Array.from({ length: 10_000 }, (_, i) => i),
      10_000,
      1,
    );
    const watch = validationCurve({ X: many, y: new Float64Array(10_000) }, regression, {}, [], quietTask);
    expect(watch.X.nRows).toBe(4096);
    expect(watch.X.data[0]).toBe(0);
    expect(watch.X.data[4095]).toBeGreaterThan(9990);
  });
});

test.each([
  { type: 'neuralNetwork', params: { epochs: 30, patience: 2, learningRate: 0.01 } },
  { type: 'neuralNetwork', params: { epochs: 10, earlyStopping: false, schedule: 'plateau', dropEvery: 1 } },
  { type: 'gradientBoosting', params: { earlyStopping: true, nIterNoChange: 2 } },
])('targets of validation rows move the curve and nothing else: $type $params', async ({ type, params }) => {
  const rng = createRng(1);
  const lines = Array.from({ length: 600 }, () => {
    const [a, b] = [rng.normal(), rng.normal()];
    return `${a},${b},${a * b + 0.5 * rng.normal() > 0 ? 'yes' : 'no'}`;
  });
  const { file } = await versionOf(['a,b,answer', ...lines].join('\n'));
  const entry = await estimatorEntry(type);
  const data = await prepare(file, RunConfig.parse({ data: { target: 'answer' }, model: { type, params } }), entry);
  const fit = async (y: Float64Array) => {
    const curve: SeriesPoint[] = [];
    const options = { seed: 1, threads: 1, provider: 'cpu', curve };
    const rows = { ...data, validation: { ...data.validation, y } };
    const { fitted } = await fitOn('full', data.train, entry, params, rows, options, quietTask);
    return { state: fitted.toState(), curve };
  };
  const own = await fit(data.validation.y);
  const turned = await fit(data.validation.y.map((k) => 1 - k));
  expect(turned.state).toEqual(own.state);
  expect(own.curve.length).toBeGreaterThan(2);
  const values = (from: typeof own) => from.curve.filter(({ series }) => series === 'metric.accuracy');
  values(own).forEach(({ value }, i) => expect(values(turned)[i]!.value).toBeCloseTo(1 - value, 12));
});
