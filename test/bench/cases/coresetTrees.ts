import { memorySource, type WeightedRows } from '../../../main/coreset/rows.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { rowLogLoss } from '../../../main/evaluate/losses.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { Fitted } from '../../../main/models/estimator.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { refreshLeaves } from '../../../main/models/tree/refresh.ts';
import { structureParams } from '../../../main/models/tree/structureParams.ts';
import { median, row, timingOf, type Bench, type BenchContext, type BenchRow } from '../harness.ts';
import { loadRawData, splitAtRandom, type RawData, type RawPart } from '../helpers/rawData.ts';
import { tableData } from '../helpers/tableData.ts';

const SETS = [
  'electricity',
  'adult',
  'bank_marketing',
  'credit_default',
  'casp',
  'california',
  'covertype7',
  'letter',
] as const;
const FORESTS = ['electricity', 'adult', 'california'] as const;
const SHARE = 0.05;

export const coresetTrees: Bench = {
  name: 'coreset-trees',
  description:
    'Boosting and forests on 5 % of the rows, with and without refresh: distance from all rows in log loss or RMSE, beside a stratified (regression: uniform) sample',
  async run(context) {
    if (context.dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    const { dataDir, nRuns } = context;
    const nSeeds = Math.max(5, nRuns);
    for (const name of SETS) {
      rows.push(...(await measure(context, await loadRawData(dataDir, name), 'gradientBoosting', nSeeds)));
    }
    rows.push(...(await measure(context, await largeData(context), 'gradientBoosting', 3)));
    for (const name of FORESTS) {
      rows.push(...(await measure(context, await loadRawData(dataDir, name), 'randomForest', nSeeds)));
    }
    return rows;
  },
};

/** 500,000 rows of 54 numbers, two classes. */
async function largeData({ tempDir }: BenchContext): Promise<RawData> {
  const { X, y } = await tableData(tempDir, 500_000, 54);
  const features = Array.from({ length: 54 }, (_, j) => ({ name: `x${j}`, source: `x${j}`, kind: 'number' }) as const);
  return { name: '500,000 × 54', X, y, features, target: { task: 'binary', nClasses: 2, classNames: ['0', '1'] } };
}

async function measure({ threads, log }: BenchContext, data: RawData, type: string, nSeeds: number) {
  const { name } = data;
  const gaps = { stratified: [] as number[], coreset: [] as number[], refreshed: [] as number[] };
  const closed = { coreset: [] as number[], refreshed: [] as number[] };
  const time = { fit: [] as number[], refreshed: [] as number[], build: [] as number[], whole: [] as number[] };
  const { make } = await estimatorEntry(type);
  const fit = (params: object, part: WeightedRows | RawPart, seed: number) =>
    make({ ...params }).fit(part.X, part.y, data.target, {
      rng: createRng(seed),
      task: quietTask,
      threads,
      features: data.features,
      ...('weight' in part && { sampleWeight: meanOne(part.weight) }),
    });
  for (let seed = 1; seed <= nSeeds; seed++) {
    const { train, test } = splitAtRandom(data, seed);
    const size = Math.round(SHARE * train.y.length);
    await fit({}, train, seed);
    const [full, fullMs] = await timed(() => fit({}, train, seed));
    const loss = (model: Fitted) => lossOf(model, test, data);
    const best = await loss(full);
    const plain = (await loss(await fit({}, plainSample(train, data, size, seed), seed))) - best;
    const source = memorySource(train, data.target);
    const options = {
      service: 'tree',
      size,
      seed,
      threads,
      serviceOptions: { features: data.features, isEven: type === 'randomForest' },
    } as const;
    const [tree, buildMs] = await timed(() => buildTree(source, options, quietTask));
    const coreset = tree.coreset(0);
    const [fitted, fitMs] = await timed(() => fit({}, coreset, seed));
    const [refreshed, refreshMs] = await timed(async () => {
      const params = structureParams(type, {}, coreset.y.length, train.y.length);
      const grown = await fit(params, coreset, seed);
      const learningRate = Number(params['learningRate'] ?? 0.1);
      return refreshLeaves(grown, train.X, train.y, { task: quietTask, threads, learningRate });
    });
    const [own, better] = [(await loss(fitted)) - best, (await loss(refreshed)) - best];
    gaps.stratified.push(plain);
    gaps.coreset.push(own);
    gaps.refreshed.push(better);
    closed.coreset.push(1 - own / plain);
    closed.refreshed.push(1 - better / plain);
    time.fit.push(fitMs / fullMs);
    time.refreshed.push(refreshMs / fullMs);
    time.build.push(buildMs / fullMs);
    time.whole.push((buildMs + refreshMs) / fullMs);
  }
  const peer = { name: 'stratified', median: median(gaps.stratified) };
  const unit = data.target.task === 'regression' ? 'RMSE above all rows' : 'log loss above all rows';
  const kind = type === 'randomForest' ? 'forest' : 'boosting';
  log(`${kind}, ${name}: refresh closes ${(100 * median(closed.refreshed)).toFixed(0)} %`);
  return [
    row(`${kind}, ${name}`, unit, timingOf(gaps.coreset), peer, {
      closed: median(closed.coreset),
      worstClosed: Math.min(...closed.coreset),
      timeShare: median(time.fit),
      buildShare: median(time.build),
    }),
    row(`${kind}, ${name}, refreshed`, unit, timingOf(gaps.refreshed), peer, {
      closed: median(closed.refreshed),
      worstClosed: Math.min(...closed.refreshed),
      timeShare: median(time.refreshed),
      buildShare: median(time.build),
      wholeShare: median(time.whole),
    }),
  ];
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const from = performance.now();
  const value = await work();
  return [value, performance.now() - from];
}

/** Log loss, or root mean squared error. */
async function lossOf(model: Fitted, { X, y }: RawPart, { target }: RawData): Promise<number> {
  if (target.task === 'regression') {
    const predicted = await model.predict(X);
    return Math.sqrt(predicted.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0) / y.length);
  }
  return rowLogLoss(await model.predictProba(X), y).reduce((a, b) => a + b, 0) / y.length;
}

/** Rows at random, the same share of each class, all of the same weight. */
function plainSample({ X, y }: RawPart, { target }: RawData, size: number, seed: number): RawPart {
  const groups = new Map<number, number[]>();
  for (const i of permutation(y.length, createRng(seed).fork('plain'))) {
    const key = target.task === 'regression' ? 0 : y[i]!;
    const list = groups.get(key);
    if (list) list.push(i);
    else groups.set(key, [i]);
  }
  const ids = [...groups.values()].flatMap((rows) =>
    rows.slice(0, Math.max(1, Math.round((size * rows.length) / y.length))),
  );
  const rows = Uint32Array.from(ids).sort();
  return { X: takeRows(X, rows), y: takeValues(y, rows) };
}

const meanOne = (weight: Float64Array): Float64Array => {
  const mean = weight.reduce((a, b) => a + b, 0) / weight.length;
  return weight.map((w) => w / mean);
};
