import { memorySource, type WeightedRows } from '../../../main/coreset/rows.ts';
import type { ServiceName } from '../../../main/coreset/services/service.ts';
import { fitSubspace, PcaPilot } from '../../../main/coreset/services/pca/pilot.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { rowLogLoss } from '../../../main/evaluate/losses.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { Fitted } from '../../../main/models/estimator.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { median, row, timingOf, type Bench, type BenchContext, type BenchRow } from '../harness.ts';
import { loadCoresetData } from '../helpers/coresetData.ts';
import { splitAtRandom, type RawPart } from '../helpers/rawData.ts';

interface Model {
  /** Services whose coresets it is fitted on; the model of all rows and those of plain samples are shared. */
  readonly services: readonly ServiceName[];
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sets: readonly string[];
  readonly m: number;
  /** Training rows at most: kernel machines are quadratic. */
  readonly cap: number;
  readonly nSeeds: number;
}

const MODELS: readonly Model[] = [
  {
    services: ['svm'],
    type: 'linearSvm',
    params: {},
    sets: ['electricity', 'magic', 'adult', 'credit_default'],
    m: 2000,
    cap: Infinity,
    nSeeds: 9,
  },
  {
    services: ['svm', 'generic'],
    type: 'svc',
    params: { kernel: 'rbf', probability: true },
    sets: ['magic', 'electricity'],
    m: 1000,
    cap: 8000,
    nSeeds: 15,
  },
  {
    services: ['generic'],
    type: 'svr',
    params: { kernel: 'rbf' },
    sets: ['california', 'casp'],
    m: 1000,
    cap: 8000,
    nSeeds: 15,
  },
  {
    services: ['network'],
    type: 'neuralNetwork',
    params: { layers: [64, 32], epochs: 30 },
    sets: ['electricity', 'magic', 'adult', 'credit_default'],
    m: 2000,
    cap: Infinity,
    nSeeds: 9,
  },
];
const PCA_SETS = ['magic', 'credit_default', 'covertype7', 'dry_bean'] as const;
const N_DIRECTIONS = 5;

export const coresetServices: Bench = {
  name: 'coreset-services',
  description:
    'Linear and kernel SVM, SVR, networks, PCA on coresets: distance from all rows on held-out rows, beside stratified and uniform samples of the same size (--only svc, --only magic … for some of them)',
  async run(context) {
    if (context.dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const isWanted = (name: string) => context.only === null || name.includes(context.only);
    const rows: BenchRow[] = [];
    for (const name of PCA_SETS) if (isWanted(`pca, ${name}`)) rows.push(await subspace(context, name));
    for (const model of MODELS) {
      for (const name of model.sets) {
        if (isWanted(`${model.type}, ${name}`)) rows.push(...(await compare(context, model, name)));
      }
    }
    return rows;
  },
};

async function compare({ dataDir, threads, log }: BenchContext, model: Model, name: string): Promise<BenchRow[]> {
  const data = await loadCoresetData(dataDir!, name);
  const { make } = await estimatorEntry(model.type);
  const isRegression = data.target.task === 'regression';
  const own = model.services.map((): number[] => []);
  const plain = { stratified: [] as number[], uniform: [] as number[] };
  for (let seed = 1; seed <= model.nSeeds; seed++) {
    const { train: all, test } = splitAtRandom(data, seed);
    const train = all.y.length > model.cap ? sampleOf(all, model.cap, seed, 'cap') : all;
    const lossAt = async (rows: RawPart | WeightedRows): Promise<number> => {
      const fitted = await make(model.params).fit(rows.X, rows.y, data.target, {
        rng: createRng(seed),
        task: quietTask,
        threads,
        ...('weight' in rows && { sampleWeight: rows.weight }),
      });
      return lossOf(fitted, test);
    };
    const best = await lossAt(train);
    for (const [i, service] of model.services.entries()) {
      const options = { service, size: model.m, seed, threads };
      const tree = await buildTree(memorySource(train, data.target), options, quietTask);
      own[i]!.push((await lossAt(tree.coreset(0))) - best);
    }
    for (const kind of isRegression ? (['uniform'] as const) : (['stratified', 'uniform'] as const)) {
      const few = sampleOf(train, model.m, seed, kind);
      const weight = new Float64Array(few.y.length).fill(train.y.length / few.y.length);
      plain[kind].push((await lossAt({ ...few, weight })) - best);
    }
    log(
      `${model.type}, ${name}, seed ${seed}: all rows ${best.toPrecision(4)}; above it ${own.map((list, i) => `${model.services[i]} ${list.at(-1)!.toPrecision(3)}`).join(', ')}, stratified ${plain.stratified.at(-1)?.toPrecision(3)}, uniform ${plain.uniform.at(-1)!.toPrecision(3)}`,
    );
  }
  const unit = isRegression ? 'RMSE above all rows' : 'log loss above all rows';
  const peerName = isRegression ? 'uniform' : 'stratified';
  return model.services.map((service, i) =>
    row(
      `${model.type} by ${service}, ${name}, m = ${model.m}`,
      unit,
      timingOf(own[i]!),
      { name: peerName, median: median(plain[peerName]) },
      { uniform: median(plain.uniform), nSeeds: model.nSeeds },
    ),
  );
}

/** Mean log loss, or root mean squared error in standard deviations of the target. */
async function lossOf(fitted: Fitted, { X, y }: RawPart): Promise<number> {
  if (fitted.target.task === 'regression') {
    const predicted = await fitted.predict(X);
    return Math.sqrt(predicted.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0) / y.length);
  }
  return rowLogLoss(await fitted.predictProba(X), y).reduce((a, b) => a + b, 0) / y.length;
}

/** What k directions leave over of all rows, above what the best k do, in per cent. */
async function subspace({ dataDir, nRuns, threads, log }: BenchContext, name: string): Promise<BenchRow> {
  const { X, y } = await loadCoresetData(dataDir!, name);
  const all = { X, y, weight: new Float64Array(y.length).fill(1) };
  const best = fitSubspace(all, N_DIRECTIONS).residual;
  const excess = (rows: WeightedRows): number => {
    const pilot = PcaPilot.of(rows, fitSubspace(rows, N_DIRECTIONS));
    const totals = new Float64Array(pilot.nStatistics);
    pilot.visit(all, { totals });
    return 100 * (pilot.lossOf(totals) / y.length / best - 1);
  };
  const found = { coreset: [] as number[], uniform: [] as number[] };
  for (let seed = 1; seed <= Math.max(5, nRuns); seed++) {
    const options = { service: 'pca', size: 500, seed, threads, serviceOptions: { k: N_DIRECTIONS } } as const;
    const tree = await buildTree(memorySource({ X, y }, null), options, quietTask);
    found.coreset.push(excess(tree.coreset(0)));
    const { X: few, y: none } = sampleOf({ X, y }, 500, seed, 'uniform');
    found.uniform.push(excess({ X: few, y: none, weight: new Float64Array(few.nRows).fill(1) }));
  }
  log(`PCA, ${name}: ${median(found.coreset).toPrecision(3)} %, uniform ${median(found.uniform).toPrecision(3)} %`);
  const peer = { name: 'uniform', median: median(found.uniform) };
  return row(`pca, ${name}, m = 500`, '% excess', timingOf(found.coreset), peer);
}

/** Rows at random, over all or the same share of each class. */
function sampleOf({ X, y }: RawPart, size: number, seed: number, kind: 'uniform' | 'stratified' | 'cap'): RawPart {
  const groups = new Map<number, number[]>();
  for (const i of permutation(y.length, createRng(seed).fork(kind))) {
    const key = kind === 'stratified' ? y[i]! : 0;
    const list = groups.get(key);
    if (list) list.push(i);
    else groups.set(key, [i]);
  }
  const ids = [...groups.values()].flatMap((rows) => rows.slice(0, Math.round((size * rows.length) / y.length)));
  const rows = Uint32Array.from(ids).sort();
  return { X: takeRows(X, rows), y: takeValues(y, rows) };
}
