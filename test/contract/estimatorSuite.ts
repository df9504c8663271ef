// oxlint-disable vitest/no-conditional-expect -- one table holds tasks with different expectations
import { describe, expect, test } from 'vitest';
import { AppError } from '../../main/contract/errors.ts';
import { pack, unpack } from '../../main/kernels/pack.ts';
import { matrix, takeRows, takeValues, type Matrix } from '../../main/kernels/matrix.ts';
import { createRng } from '../../main/kernels/rng.ts';
import type { EstimatorEntry } from '../../main/models/entry.ts';
import type { Fitted, FittedState, TargetInfo } from '../../main/models/estimator.ts';
import { OnnxGraph } from '../../main/tensor/onnxGraph.ts';
import { openSession, f32 } from '../../main/tensor/session.ts';
import { cancelledAt, context, N_FEATURES, problem, type Problem } from './problems.ts';

export interface SuiteOptions {
  /** What to call it; the estimator's type when left out. */
  readonly name?: string;
  /** Parameters for the tests: small enough to be fast. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Further parameters where rows must count the same however they are given (no bootstrap, full batches). */
  readonly exactParams?: Readonly<Record<string, unknown>>;
  /** Tasks to test; those of the estimator's spec when left out. */
  readonly tasks?: readonly TargetInfo['task'][];
  /** Largest difference between weights and repeated rows, relative to max(1, |value|). Default 1e-6. */
  readonly weightTolerance?: number;
  /** Why rows in another form cannot give the same model; leaves those tests out, by name. */
  readonly weightsDiffer?: string;
  /** Why there is nothing to cancel: the fit has no loop. */
  readonly isInstant?: string;
  /** Share of the baseline's error the model must stay below; 1 for baselines. Default 0.8. */
  readonly learns?: number;
  /** Largest difference between results with one thread and two. Default 0. */
  readonly threadTolerance?: number;
}

const N_ROWS = 240;

/** Probabilities, or predictions for regression, row by row. */
async function outputs(fitted: Fitted, X: Matrix): Promise<Float64Array> {
  if (fitted.target.task === 'regression') return fitted.predict(X);
  return Float64Array.from((await fitted.predictProba(X)).data);
}

function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!));
    // NaN compares false with everything: it must not pass as equal.
    worst = gap <= worst ? worst : Number.isNaN(gap) ? Infinity : gap;
  }
  return worst;
}

/** The promises every estimator keeps; `describe` it once per estimator. */
export function estimatorSuite(entry: EstimatorEntry, options: SuiteOptions = {}): void {
  const supervised = entry.spec.tasks.filter((task): task is TargetInfo['task'] => task !== 'unsupervised');
  const { name = entry.spec.type, params = {}, exactParams = {}, tasks = supervised } = options;
  describe.each(tasks.map((task) => ({ task })))(`${name}, $task`, ({ task }) => {
    const given = problem(task, N_ROWS, 3);
    const make = (extra: Readonly<Record<string, unknown>> = {}) => entry.make({ ...params, ...extra });
    const fit = (p: Problem = given, extra: object = {}, more: Readonly<Record<string, unknown>> = {}) =>
      make(more).fit(p.X, p.y, p.target, context(extra));
    const fitOnce = once(() => fit());

    test('does not change what it is given', async () => {
      const weights = Float64Array.from(given.y, (_, i) => 1 + (i % 3));
      const kept = [given.X.data.slice(), given.y.slice(), weights.slice()];
      const fitted = await fit(given, { sampleWeight: weights });
      await outputs(fitted, given.X);
      expect([given.X.data, given.y, weights]).toEqual(kept);
    });

    test('gives the same model for the same seed', async () => {
      const [one, two] = [await fit(), await fit()];
      expect(await outputs(two, given.X)).toEqual(await outputs(one, given.X));
    });

    test('gives the same model for any number of threads', async () => {
      const one = await outputs(await fit(given, { threads: 1 }), given.X);
      const two = await outputs(await fit(given, { threads: 2 }), given.X);
      expect(worstDifference(two, one)).toBeLessThanOrEqual(options.threadTolerance ?? 0);
    });

    test('takes float32 rows as well as float64', async () => {
      const X = matrix(Float32Array.from(given.X.data), given.X.nRows, given.X.nCols);
      const single = await outputs(await fit({ ...given, X }), X);
      expect(worstDifference(single, await outputs(await fitOnce(), given.X))).toBeLessThan(1e-3);
    });

    test('predicts shapes that fit the target', async () => {
      const fitted = await fitOnce();
      expect(fitted.nFeaturesIn).toBe(N_FEATURES);
      const predicted = await fitted.predict(given.X);
      expect(predicted).toHaveLength(N_ROWS);
      expect(predicted.every(Number.isFinite)).toBe(true);
      const sum = await worstProbabilitySum(fitted, given.X);
      if (task === 'regression') expect(sum).toBeUndefined();
      else expect(sum).toBeCloseTo(1, 6);
    });

    test('learns', async () => {
      const fresh = problem(task, 500, 4);
      const predicted = await (await fitOnce()).predict(fresh.X);
      expect(errorOf(predicted, fresh)).toBeLessThanOrEqual((options.learns ?? 0.8) * baselineError(given, fresh));
    });

    test('refuses rows, targets and weights that do not belong together', async () => {
      await expect(make().fit(given.X, given.y.slice(1), given.target, context())).rejects.toThrow(/240/);
      await expect(fit(given, { sampleWeight: new Float64Array(3).fill(1) })).rejects.toThrow(/240/);
      await expect(fit(given, { sampleWeight: new Float64Array(N_ROWS).fill(-1) })).rejects.toThrow(AppError);
      const narrow = matrix(new Float64Array(2 * 3), 2, 3);
      await expect((await fitOnce()).predict(narrow)).rejects.toThrow(/5/);
    });

    test('refuses parameters it does not know or that are out of range, by name', () => {
      expect(() => make({ noSuchParameter: 1 })).toThrow(/noSuchParameter/);
      for (const spec of entry.spec.params) {
        if (spec.min === undefined) continue;
        expect(() => make({ [spec.name]: spec.min! - 1 })).toThrow(new RegExp(spec.name));
      }
    });

    test.skipIf(options.weightsDiffer)('integer weights equal repeated rows', async () => {
      const rng = createRng(9);
      const times = Array.from({ length: N_ROWS }, () => rng.int(4));
      const rows = times.flatMap((k, i) => Array.from({ length: k }, () => i));
      const repeated = { ...given, X: takeRows(given.X, rows), y: takeValues(given.y, rows) };
      const weighted = await fit(given, { sampleWeight: Float64Array.from(times) }, exactParams);
      const plain = await fit(repeated, {}, exactParams);
      const gap = worstDifference(await outputs(weighted, given.X), await outputs(plain, given.X));
      expect(gap).toBeLessThanOrEqual(options.weightTolerance ?? 1e-6);
    });

    test.skipIf(options.weightsDiffer)('rows of weight 0 equal absent rows', async () => {
      const kept = Array.from({ length: N_ROWS }, (_, i) => i).filter((i) => i % 3 !== 0);
      const weights = Float64Array.from({ length: N_ROWS }, (_, i) => Number(i % 3 !== 0));
      const removed = { ...given, X: takeRows(given.X, kept), y: takeValues(given.y, kept) };
      // What absent rows hold must not matter either.
      const spoilt = given.X.data.slice();
      for (let i = 0; i < N_ROWS; i += 3) spoilt.fill(1e6, i * N_FEATURES, (i + 1) * N_FEATURES);
      const weighted = await fit({ ...given, X: { ...given.X, data: spoilt } }, { sampleWeight: weights }, exactParams);
      const plain = await fit(removed, {}, exactParams);
      const gap = worstDifference(await outputs(weighted, given.X), await outputs(plain, given.X));
      expect(gap).toBeLessThanOrEqual(options.weightTolerance ?? 1e-6);
    });

    test('takes constant features', async () => {
      const data = given.X.data.slice();
      for (let i = 0; i < N_ROWS; i++) data.fill(3, i * N_FEATURES + 1, i * N_FEATURES + 3);
      const X = { ...given.X, data };
      expect((await outputs(await fit({ ...given, X }), X)).every(Number.isFinite)).toBe(true);
      const flat = matrix(new Float64Array(N_ROWS * 2), N_ROWS, 2);
      expect((await outputs(await fit({ ...given, X: flat }), flat)).every(Number.isFinite)).toBe(true);
    });

    test.skipIf(task === 'regression')('a single class is refused with a sentence', async () => {
      await expect(fit({ ...given, y: new Float64Array(N_ROWS) })).rejects.toThrow(AppError);
    });

    test.skipIf(task === 'regression')(
      'a class without rows gets a column of probabilities',
      async () => {
        const target = { task: 'multiclass', nClasses: 4 } as const;
        const y = given.y.map((k) => (k === 0 ? 0 : 2));
        const proba = await (await fit({ ...given, y, target })).predictProba(given.X);
        expect(proba.nCols).toBe(4);
        expect(proba.data.every(Number.isFinite)).toBe(true);
      },
      60_000,
    );

    test('one row is fitted or refused with a sentence', async () => {
      const single = { ...given, X: takeRows(given.X, [0]), y: given.y.slice(0, 1) };
      const outcome = await fit(single).then(
        async (fitted) => (await outputs(fitted, given.X)).every(Number.isFinite),
        (cause: unknown) => cause instanceof AppError,
      );
      expect(outcome).toBe(true);
    });

    test('is restored from its state', async () => {
      const fitted = await fitOnce();
      const state = fitted.toState();
      const { json, arrays } = unpack(pack({ ...state, arrays: undefined }, state.arrays));
      const again = entry.restore({ ...(json as FittedState), arrays });
      expect(await outputs(again, given.X)).toEqual(await outputs(fitted, given.X));
      expect(again.target).toEqual(fitted.target);
      expect(again.nFeaturesIn).toBe(fitted.nFeaturesIn);
      expect(again.summary).toEqual(fitted.summary);
    });

    test.skipIf(options.isInstant)('stops when it is cancelled', async () => {
      const { context: cancelled, reason, yields } = cancelledAt(1);
      await expect(make().fit(given.X, given.y, given.target, cancelled)).rejects.toBe(reason);
      expect(yields()).toBe(1);
    });

    test('exports what it predicts', async () => {
      const fitted = await fitOnce();
      const graph = new OnnxGraph();
      graph.output('out', fitted.toOnnx(graph, graph.input('x', 'float32', ['n', N_FEATURES])));
      const session = await openSession(graph, { threads: 1 });
      const fresh = problem(task, 300, 5);
      const { out } = await session.run({ x: f32(Float32Array.from(fresh.X.data), [300, N_FEATURES]) });
      const width = fitted.target.task === 'regression' ? 1 : Math.max(2, fitted.target.nClasses);
      expect(out!.dims).toEqual([300, width]);
      expect(worstDifference(out!.data as Float32Array, await outputs(fitted, fresh.X))).toBeLessThan(1e-5);
    });
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The sum of a row's probabilities farthest from 1; undefined when there are none to be had. */
async function worstProbabilitySum(fitted: Fitted, X: Matrix): Promise<number | undefined> {
  try {
    const { data, nRows, nCols } = await fitted.predictProba(X);
    let worst = 1;
    for (let i = 0; i < nRows; i++) {
      let sum = 0;
      for (let k = 0; k < nCols; k++) sum += data[i * nCols + k]! < 0 ? NaN : data[i * nCols + k]!;
      if (!(Math.abs(sum - 1) <= Math.abs(worst - 1))) worst = sum;
    }
    return worst;
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'NO_PROBABILITIES') return undefined;
    throw cause;
  }
}

/** Share of wrong classes, or mean squared error. */
function errorOf(predicted: Float64Array, { y, target }: Problem): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    sum += target.task === 'regression' ? (predicted[i]! - y[i]!) ** 2 : Number(predicted[i] !== y[i]);
  }
  return sum / y.length;
}

/** Error on `fresh` of the mean, or of the commonest class, of `train`. */
function baselineError(train: Problem, fresh: Problem): number {
  const { y, target } = train;
  const constant = (value: number) => errorOf(new Float64Array(fresh.y.length).fill(value), fresh);
  if (target.task === 'regression') return constant(y.reduce((sum, v) => sum + v, 0) / y.length);
  const counts = new Float64Array(target.nClasses);
  for (const k of y) counts[k]!++;
  return constant(counts.indexOf(Math.max(...counts)));
}
