// oxlint-disable vitest/no-conditional-expect -- one table holds cases with different expectations
import { describe, expect, test } from 'vitest';
import { matrix, type Matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../../main/models/estimator.ts';
import type { FittedSvc } from '../../../../main/models/svm/fittedSvc.ts';
import { svmFamily } from '../../../../main/models/svm/index.ts';
import { KernelSpec, type KernelName } from '../../../../main/models/svm/kernel.ts';
import { coupleProbabilities, fitSigmoid, sigmoidAt } from '../../../../main/models/svm/platt.ts';
import { allRows, padRows } from '../../../../main/models/svm/rows.ts';
import { solveSmo } from '../../../../main/models/svm/smo.ts';
import { checkKernelSize } from '../../../../main/models/svm/limits.ts';
import { svc } from '../../../../main/models/svm/svc.ts';

const context = (extra: object = {}) => ({ rng: createRng(1), task: quietTask, threads: 1, ...extra });

function blobs(seed: number, n: number, k: number): { X: Matrix; y: Float64Array; target: TargetInfo } {
  const rng = createRng(seed);
  const y = Float64Array.from({ length: n }, (_, i) => i % k);
  const data = Float64Array.from(
    { length: 3 * n },
    (_, i) => rng.normal() + (i % 3 === y[Math.floor(i / 3)] ? 2.5 : 0),
  );
  return { X: matrix(data, n, 3), y, target: { task: k === 2 ? 'binary' : 'multiclass', nClasses: k } };
}

describe('SMO', () => {
  const names: KernelName[] = ['linear', 'rbf', 'poly', 'sigmoid'];
  test.each(Array.from({ length: 40 }, (_, i) => i))(
    'meets the optimality conditions, tiny cache, seed %i',
    async (seed) => {
      const rng = createRng(seed);
      const n = 20 + rng.int(120);
      const d = 1 + rng.int(7);
      const X = matrix(
        Float64Array.from({ length: n * d }, () => rng.normal()),
        n,
        d,
      );
      const rows = padRows(X, allRows(n));
      const name = names[seed % 3]!; // sigmoid is not positive definite: no unique optimum
      const kernel = new KernelSpec(name, 0.5, 1, 2);
      const y = Float64Array.from({ length: n }, (_, i) =>
        i === 0 || (i > 1 && X.data[i * d]! + 0.5 * rng.normal() > 0) ? 1 : -1,
      );
      const C = Float64Array.from({ length: n }, () => 0.5 + rng.uniform());
      const tol = 1e-4;
      const { alpha, rho, isConverged } = await solveSmo(
        {
          rows,
          kernel,
          y,
          p: new Float64Array(n).fill(-1),
          C,
          tol,
          isShrinking: seed % 2 === 0,
          cacheBytes: 4 * n * 3,
          maxIter: 1e6,
        },
        quietTask,
      );
      expect(isConverged).toBe(true);
      const value = (i: number, j: number) => {
        let [dot, square] = [0, 0];
        for (let f = 0; f < d; f++) {
          const [a, b] = [Math.fround(X.data[i * d + f]!), Math.fround(X.data[j * d + f]!)];
          dot += a * b;
          square += (a - b) ** 2;
        }
        return name === 'linear' ? dot : name === 'rbf' ? Math.exp(-0.5 * square) : (0.5 * dot + 1) ** 2;
      };
      expect(Math.abs(alpha.reduce((sum, a, i) => sum + a * y[i]!, 0))).toBeLessThan(1e-9);
      for (let i = 0; i < n; i++) {
        let f = -rho;
        for (let j = 0; j < n; j++) if (alpha[j]! > 0) f += alpha[j]! * y[j]! * value(i, j);
        const margin = y[i]! * f - 1;
        expect(alpha[i]).toBeGreaterThanOrEqual(0);
        expect(alpha[i]).toBeLessThanOrEqual(C[i]!);
        const slack = 2e-3 * Math.max(1, Math.abs(value(i, i)));
        if (alpha[i] === 0) expect(margin).toBeGreaterThan(-slack);
        else if (alpha[i]! >= C[i]!) expect(margin).toBeLessThan(slack);
        else expect(Math.abs(margin)).toBeLessThan(slack);
      }
    },
  );
});

describe.each(svmFamily.map((entry) => ({ entry, type: entry.spec.type })))('$type', ({ entry }) => {
  const isRegression = entry.spec.tasks.includes('regression');
  const p = blobs(3, 180, isRegression ? 2 : 3);
  const target: TargetInfo = isRegression ? { task: 'regression' } : p.target;
  const y = isRegression
    ? Float64Array.from({ length: 180 }, (_, i) => p.X.data[3 * i]! * 2 + p.X.data[3 * i + 1]!)
    : p.y;
  const tight = { tol: 1e-8, ...(entry.spec.type === 'svc' && { probability: false }) };

  test('learns', async () => {
    const fitted = await entry.make({ C: 10 }).fit(p.X, y, target, context());
    const predicted = await fitted.predict(p.X);
    if (isRegression) expect(Math.max(...predicted.map((v, i) => Math.abs(v - y[i]!)))).toBeLessThan(1.5);
    else expect(predicted.filter((v, i) => v === y[i]).length).toBeGreaterThan(145);
  });

  test('integer weights equal repeated rows; weight 0 equals absence', async () => {
    const w = Float64Array.from({ length: 180 }, (_, i) => i % 3);
    const rows = [...w.keys()].flatMap((i) => Array.from({ length: w[i]! }, () => i));
    const X = matrix(Float64Array.from(rows.flatMap((i) => [...p.X.data.subarray(3 * i, 3 * i + 3)])), rows.length, 3);
    const classes = blobs(3, 180, 2);
    const labels = isRegression ? y : classes.y;
    const shape: TargetInfo = isRegression ? target : classes.target;
    const one = await entry.make(tight).fit(p.X, labels, shape, context({ sampleWeight: w }));
    const other = await entry.make(tight).fit(
      X,
      Float64Array.from(rows, (i) => labels[i]!),
      shape,
      context(),
    );
    const [a, b] = await Promise.all(
      [one, other].map(async (f) => (isRegression ? f.predict(p.X) : (await f.predictProba(p.X)).data)),
    );
    a!.forEach((v, i) => expect(v).toBeCloseTo(b![i]!, 4));
  });

  test('is restored from its state', async () => {
    const fitted = await entry.make({}).fit(p.X, y, target, context());
    const state = fitted.toState();
    const again = entry.restore({ ...state, json: JSON.parse(JSON.stringify(state.json)) as unknown });
    expect(await again.predict(p.X)).toEqual(await fitted.predict(p.X));
  });

  test('refuses missing values and says how to fill them', async () => {
    const X = matrix(p.X.data.slice(), 180, 3);
    X.data[10] = NaN;
    await expect(entry.make({}).fit(X, y, target, context())).rejects.toMatchObject({ code: 'FEATURE_HAS_MISSING' });
  });
});

describe('SVC', () => {
  test('shrinking and cache size do not change the answer', async () => {
    const p = blobs(5, 300, 2);
    const decide = async (params: object) =>
      (
        (await svc.make({ tol: 1e-6, probability: false, ...params }).fit(p.X, p.y, p.target, context())) as FittedSvc
      ).decisions(p.X);
    const plain = await decide({ shrinking: false });
    (await decide({ shrinking: true })).forEach((v, i) => expect(v).toBeCloseTo(plain[i]!, 4));
  });

  // As scikit-learn: ROC AUC is that of the decision values, SVC.predict goes by their sign, the calibrated class by 0.5.
  test('ranks by probabilities as by decision values; its own labels are their signs', async () => {
    const p = blobs(9, 200, 2);
    const fitted = (await svc.make({}).fit(p.X, p.y, p.target, context())) as FittedSvc;
    const [decisions, proba, labels] = [
      await fitted.decisions(p.X),
      await fitted.predictProba(p.X),
      await fitted.predict(p.X),
    ];
    const order = (value: (i: number) => number) => [...p.y.keys()].sort((a, b) => value(a) - value(b));
    // Positive values speak for class 0.
    expect(order((i) => proba.data[2 * i]!)).toEqual(order((i) => decisions[i]!));
    labels.forEach((label, i) => expect(label).toBe(decisions[i]! > 0 ? 0 : 1));
    const rough = await svc.make({ probability: false }).fit(p.X, p.y, p.target, context());
    const guessed = await rough.predictProba(p.X);
    (await rough.predict(p.X)).forEach((label, i) => expect(guessed.data[2 * i]! > 0.5 ? 0 : 1).toBe(label));
  });

  test('estimates the kernel matrix before it computes one', async () => {
    expect(() => checkKernelSize(10_000, 500e6)).not.toThrow();
    expect(() => checkKernelSize(20_000, 500e6)).toThrow(/20,000 rows would take 1.5 GiB; 0.47 GiB of memory are free/);
    // One and a half times what is free here, whatever machine this is.
    const n = Math.ceil(Math.sqrt((1.5 * process.availableMemory()) / 4));
    const X = matrix(new Float32Array(n), n, 1);
    const y = Float64Array.from({ length: n }, (_, i) => i % 2);
    await expect(svc.make({}).fit(X, y, { task: 'binary', nClasses: 2 }, context())).rejects.toMatchObject({
      code: 'KERNEL_TOO_LARGE',
    });
  });

  test('takes a class of two rows and a class without rows', async () => {
    const p = blobs(6, 60, 2);
    const y = p.y.map(() => 0);
    y[1] = y[3] = 1;
    const fitted = await svc.make({}).fit(p.X, y, { task: 'multiclass', nClasses: 3 }, context());
    expect((await fitted.predict(p.X)).includes(2)).toBe(false);
  });
});

test("Platt's sigmoid recovers the curve it was drawn from", () => {
  const rng = createRng(2);
  const f = Float64Array.from({ length: 20_000 }, () => 3 * rng.normal());
  const y = f.map((v) => (rng.uniform() < 1 / (1 + Math.exp(-1.5 * v + 0.5)) ? 1 : -1));
  const sigmoid = fitSigmoid(f, y, new Float64Array(20_000).fill(1));
  expect(sigmoid.a).toBeCloseTo(-1.5, 1);
  expect(sigmoid.b).toBeCloseTo(0.5, 1);
  expect(sigmoidAt(sigmoid, 100)).toBe(1 - 1e-7);
});

test('pairwise probabilities that come from class shares give the shares back', () => {
  const share = [0.5, 0.3, 0.15, 0.05];
  const r = Float64Array.from({ length: 16 }, (_, at) => share[at >> 2]! / (share[at >> 2]! + share[at & 3]!));
  const out = new Float64Array(4);
  coupleProbabilities(r, 4, out);
  share.forEach((p, i) => expect(out[i]).toBeCloseTo(p, 2));
});
