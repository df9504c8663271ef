import { memorySource } from '../../../main/coreset/rows.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { rowLogLoss } from '../../../main/evaluate/losses.ts';
import { hasCoefficients } from '../../../main/models/linear/coefficients.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { median, row, timingOf, type Bench, type BenchRow } from '../harness.ts';
import { loadCoresetData, type CoresetData } from '../helpers/coresetData.ts';

const SETS: Readonly<Record<string, number>> = {
  adult: 2000,
  bank_marketing: 2000,
  credit_default: 2000,
  covertype2: 2000,
  electricity: 2000,
  magic: 2000,
  cardio: 2000,
  mushroom: 2000,
  noaa: 2000,
  mammography: 1000,
  kdd99_http: 1000,
  kdd99_smtp: 1000,
  dry_bean: 2000,
  covertype7: 4000,
};

export const coreset: Bench = {
  name: 'coreset',
  description:
    'Excess loss f(β_coreset)/f(β_opt) − 1 of logistic regression, beside uniform and stratified samples of the size',
  async run({ nRuns, dataDir, threads, log }) {
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    for (const [name, m] of Object.entries(SETS)) {
      const data = await loadCoresetData(dataDir, name);
      const best = await objective(data, await fit(data, data.X, data.y, undefined, threads));
      const excess = { coreset: [] as number[], uniform: [] as number[], stratified: [] as number[] };
      const seconds: number[] = [];
      for (let seed = 1; seed <= Math.max(3, nRuns); seed++) {
        const from = performance.now();
        const tree = await buildTree(
          memorySource(data, data.target),
          { service: 'logistic', size: m, seed, threads, serviceOptions: { C: 1 } },
          quietTask,
        );
        const drawn = tree.coreset(0);
        seconds.push((performance.now() - from) / 1000);
        excess.coreset.push(
          (await objective(data, await fit(data, drawn.X, drawn.y, drawn.weight, threads))) / best - 1,
        );
        for (const kind of ['uniform', 'stratified'] as const) {
          const { ids, weight } = sample(data, m, seed, kind);
          const y = takeValues(data.y, ids);
          // A rare class that was not drawn: there is nothing to fit.
          const model = new Set(y).size > 1 ? await fit(data, takeRows(data.X, ids), y, weight, threads) : null;
          excess[kind].push(model === null ? Infinity : (await objective(data, model)) / best - 1);
        }
      }
      const percent = (values: number[]) => 100 * median(values);
      const ours = timingOf(excess.coreset.map((v) => 100 * v));
      rows.push(
        row(
          `${name}, m = ${m}`,
          '% excess',
          ours,
          { name: 'stratified', median: percent(excess.stratified) },
          {
            uniform: percent(excess.uniform),
            nRows: data.y.length,
            nFeatures: data.X.nCols,
            buildSeconds: median(seconds),
          },
        ),
      );
      log(`${name}: ${ours.median.toPrecision(3)} %`);
    }
    return rows;
  },
};

async function fit(
  data: CoresetData,
  X: Matrix,
  y: Float64Array,
  sampleWeight: Float64Array | undefined,
  threads: number,
) {
  const { make } = await estimatorEntry('logisticRegression');
  return make({ C: 1, tol: 1e-8, maxIter: 500 }).fit(X, y, data.target, {
    rng: createRng(0),
    task: quietTask,
    threads,
    ...(sampleWeight && { sampleWeight }),
  });
}

/** C Σ log loss + ½‖β‖² over all rows, C = 1. */
async function objective(data: CoresetData, model: Awaited<ReturnType<typeof fit>>): Promise<number> {
  const losses = rowLogLoss(await model.predictProba(data.X), data.y, Number.MIN_VALUE);
  let sum = 0;
  for (const loss of losses) sum += loss;
  if (hasCoefficients(model)) for (const b of model.coefficients.data) sum += b ** 2 / 2;
  return sum;
}

/** Rows drawn evenly, over all or within each class; weights are what each stands for. */
function sample({ y }: CoresetData, m: number, seed: number, kind: 'uniform' | 'stratified') {
  const order = permutation(y.length, createRng(seed).fork(kind));
  const groups = new Map<number, number[]>();
  for (const i of order) {
    const key = kind === 'uniform' ? 0 : y[i]!;
    const list = groups.get(key);
    if (list) list.push(i);
    else groups.set(key, [i]);
  }
  const ids: number[] = [];
  const weight: number[] = [];
  for (const rows of groups.values()) {
    const k = Math.min(rows.length, Math.max(2, Math.round((m * rows.length) / y.length)));
    for (let i = 0; i < k; i++) {
      ids.push(rows[i]!);
      weight.push(rows.length / k);
    }
  }
  return { ids: Uint32Array.from(ids), weight: Float64Array.from(weight) };
}
