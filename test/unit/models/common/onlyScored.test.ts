import { describe, expect, test } from 'vitest';
import { takeRows, takeValues } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { holdOutRows } from '../../../../main/models/common/holdOut.ts';
import type { EstimatorEntry } from '../../../../main/models/entry.ts';
import type { Fitted, FittedState, HoldOut, TargetInfo } from '../../../../main/models/estimator.ts';
import { neuralNetwork } from '../../../../main/models/network/neuralNetwork.ts';
import { gradientBoosting } from '../../../../main/models/tree/boosting/entry.ts';
import { context, problem, type Problem } from '../../../contract/problems.ts';

interface Chooser {
  readonly name: string;
  readonly entry: EstimatorEntry;
  readonly params: Readonly<Record<string, unknown>>;
  /** Parameters of a fit that has learned but not chosen yet. */
  readonly firstStep: Readonly<Record<string, unknown>>;
}

const plateau = { earlyStopping: false, schedule: 'plateau', dropEvery: 1, learningRate: 0.01 };
const choosers: readonly Chooser[] = [
  {
    name: 'network that stops early',
    entry: neuralNetwork,
    params: { layers: [16], epochs: 40, patience: 3, learningRate: 0.01 },
    firstStep: { epochs: 1 },
  },
  {
    name: 'network with a plateau schedule',
    entry: neuralNetwork,
    params: { layers: [16], epochs: 30, ...plateau },
    firstStep: { epochs: 1 },
  },
  {
    name: 'boosting that stops early',
    entry: gradientBoosting,
    params: { earlyStopping: true, maxIter: 100, nIterNoChange: 3, minSamplesLeaf: 5 },
    firstStep: { maxIter: 1 },
  },
];
const tasks = ['binary', 'multiclass', 'regression'] as const;
const cases = choosers.flatMap((chooser) =>
  tasks.map((task) => ({ ...chooser, title: `${chooser.name}, ${task}`, task })),
);

const N = 400;
/** As a split by time would: the last rows are held out. */
const lastRows = (share: number): HoldOut => {
  const rows = Uint32Array.from({ length: N }, (_, i) => i);
  const at = Math.round((1 - share) * N);
  return { train: rows.subarray(0, at), held: rows.subarray(at) };
};

/** What a model is, without what was noted of its losses. */
const learned = (fitted: Fitted): FittedState['arrays'] => fitted.toState().arrays;

function withTargets(p: Problem, rows: Uint32Array): Problem {
  const y = p.y.slice();
  rows.forEach((row, k) => (y[row] = p.y[rows[(k + 7) % rows.length]!]!));
  return { ...p, y };
}

function withGarbage(p: Problem, rows: Uint32Array): Problem {
  const data = p.X.data.slice();
  for (const row of rows) data.fill(40 + row, row * p.X.nCols, (row + 1) * p.X.nCols);
  return { ...p, X: { ...p.X, data } };
}

describe.each(cases)('$title', ({ entry, params, firstStep, task }) => {
  const p = problem(task, N, 5);
  const fit = (of: Problem, more: object = {}, extra: Readonly<Record<string, unknown>> = {}) =>
    entry.make({ ...params, ...extra }).fit(of.X, of.y, of.target, context(more));

  test('rows that are watched change nothing', async () => {
    const steps: number[] = [];
    const watch = { X: problem(task, 90, 6).X, told: (step: number) => void steps.push(step) };
    const alone = await fit(p);
    const watched = await fit(p, { watch });
    expect(watched.toState()).toEqual(alone.toState());
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    expect(steps).toHaveLength((alone.summary['epochs'] ?? alone.summary['iterations']) as number);
  });

  test('targets of held-out rows decide', async () => {
    const one = await fit(p, { holdOut: lastRows });
    const other = await fit(withTargets(p, lastRows(0.1).held), { holdOut: lastRows });
    expect(learned(other)).not.toEqual(learned(one));
  });

  test('but no held-out row is learned from', async () => {
    const { held } = lastRows(0.1);
    const of = (given: Problem) => fit(given, { holdOut: lastRows }, firstStep);
    const plain = learned(await of(p));
    expect(learned(await of(withTargets(p, held)))).toEqual(plain);
    expect(learned(await of(withGarbage(p, held)))).toEqual(plain);
    const { train } = lastRows(0.1);
    expect(learned(await of(withGarbage(p, train.subarray(0, 10))))).not.toEqual(plain);
  });

  test('nor one that is drawn', async () => {
    const { held } = holdOutRows(p.y, p.target, 0.1, { rng: createRng(7) })!;
    expect(held).toHaveLength(N / 10);
    const plain = learned(await fit(p, {}, firstStep));
    expect(learned(await fit(withGarbage(p, held), {}, firstStep))).toEqual(plain);
    expect(
      learned(
        await fit(withGarbage(p, Uint32Array.of(held[0]! + (held.includes(held[0]! + 1) ? 2 : 1))), {}, firstStep),
      ),
    ).not.toEqual(plain);
  });

  test('weights of both parts count, rows of weight 0 do not', async () => {
    const sampleWeight = p.y.map((_, i) => (i % 4 === 1 ? 0 : 1 + (i % 3)));
    const { train, held } = lastRows(0.1);
    const weighted = await fit(p, { holdOut: lastRows, sampleWeight });
    const own = (share: number) => ({
      ...lastRows(share),
      trainWeight: takeValues(sampleWeight, train),
      heldWeight: takeValues(sampleWeight, held),
    });
    expect((await fit(p, { holdOut: own })).toState()).toEqual(weighted.toState());
    const kept = Uint32Array.from(p.y.keys()).filter((i) => sampleWeight[i]! > 0);
    const rest = { ...p, X: takeRows(p.X, kept), y: takeValues(p.y, kept) };
    const drawn = await fit(p, { sampleWeight });
    expect((await fit(rest, { sampleWeight: takeValues(sampleWeight, kept) })).toState()).toEqual(drawn.toState());
    const heavy = (share: number) => ({
      ...own(share),
      heldWeight: takeValues(sampleWeight, held).map((v, k) => v * 5 ** (k % 9)),
    });
    expect((await fit(p, { holdOut: heavy })).summary['holdOutLoss']).not.toBe(weighted.summary['holdOutLoss']);
  });
});

describe.each(cases.filter(({ params }) => params['schedule'] === undefined))('$title', ({ entry, params, task }) => {
  test('with too few rows it trains on all, and says so at once and in its findings', async () => {
    const p = problem(task, 40, 5);
    const fit = (extra: object, more: object = {}) =>
      entry.make({ ...params, ...extra }).fit(p.X, p.y, p.target, context(more));
    const told: string[] = [];
    const points: string[] = [];
    const quiet = { ...quietTask, point: (series: string) => void points.push(series) };
    const fitted = await fit({}, { onFinding: ({ code }: { code: string }) => told.push(code), task: quiet });
    expect(learned(fitted)).toEqual(learned(await fit({ earlyStopping: false })));
    expect(fitted.findings!.map(({ code }) => code)).toContain('HOLD_OUT_TOO_SMALL');
    expect(told).toContain('HOLD_OUT_TOO_SMALL');
    expect(new Set(points)).toContain('loss.train');
    expect(new Set(points)).not.toContain('loss.holdOut');
    expect(entry.restore(fitted.toState()).findings).toEqual(fitted.findings);
  });
});

const heads: readonly { task: TargetInfo['task']; params: object; entry: EstimatorEntry }[] = [
  ...tasks.map((task) => ({ task, entry: neuralNetwork, params: { epochs: 4, earlyStopping: false } })),
  ...tasks.map((task) => ({ task, entry: gradientBoosting, params: { maxIter: 5 } })),
  { task: 'regression', entry: gradientBoosting, params: { maxIter: 5, loss: 'poisson' } },
  { task: 'regression', entry: gradientBoosting, params: { maxIter: 5, loss: 'quantile', quantile: 0.8 } },
];
test.each(heads)(
  'what is told last is what $entry.spec.type predicts, $task $params',
  async ({ task, entry, params }) => {
    const p = problem(task, 300, 2);
    const y = 'loss' in params ? p.y.map((v) => Math.max(0, v)) : p.y;
    const X = problem(task, 70, 3).X;
    let said = X;
    const watch = { X, told: (_: number, now: typeof X) => void (said = now) };
    const fitted = await entry.make({ ...params }).fit(p.X, y, p.target, context({ watch }));
    const want = task === 'regression' ? await fitted.predict(X) : (await fitted.predictProba(X)).data;
    expect([said.nRows, said.nCols]).toEqual([70, want.length / 70]);
    want.forEach((value, i) =>
      expect(Math.abs(said.data[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value))),
    );
  },
);
