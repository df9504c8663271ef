import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { scoreOn } from '../../../main/evaluate/scorer.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { median, type Bench, type BenchRow } from '../harness.ts';
import { indexedSets, loadIndexedSet, splitOf, type IndexedSet } from '../helpers/indexedSets.ts';

const N_SEEDS = 10;
/** Larger sets are cut to this many rows, the same for both sides. */
const MAX_ROWS = Number(process.env['PITH_BENCH_ROWS'] ?? 50_000);
/** Names of the sets to look at, separated by commas; all when left out. */
const ONLY = process.env['PITH_BENCH_SETS']?.split(',');

const OURS = {
  boosting: { type: 'gradientBoosting', params: { maxIter: 100 }, peers: ['xgboost', 'lightgbm'] },
  forest: { type: 'randomForest', params: { nEstimators: 100 }, peers: ['sklearn'] },
} as const;

interface Answer {
  readonly name: string;
  readonly version: string;
  /** Scores by seed. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
}

/** AUC and accuracy: larger is better; RMSE: smaller is. As the error the table shows, smaller is better for all. */
const UNITS = { binary: '1 − ROC AUC', multiclass: '1 − accuracy', regression: 'RMSE' } as const;

export const scores: Bench = {
  name: 'scores',
  description:
    'boosting and forests on every set of the index, 10 splits: error beside XGBoost, LightGBM, scikit-learn',
  async run({ dataDir, tempDir, threads, peer, log }) {
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    for (const entry of indexedSets(dataDir)) {
      if (ONLY && !ONLY.includes(entry.name)) continue;
      const set = await loadIndexedSet(dataDir, entry, MAX_ROWS, tempDir);
      const answer = (await peer('scores.py', await writeFor(set, tempDir))) as Answer | null;
      for (const kind of ['boosting', 'forest'] as const) {
        const ours = await errorsOf(set, kind, threads);
        rows.push(compare(set, kind, ours, answer));
        const last = rows.at(-1)!;
        log(`${last.case}: ${last.ours.toFixed(5)}, ${String(last['peers'])}, ${String(last['verdict'])}`);
      }
    }
    return rows;
  },
};

async function errorsOf(set: IndexedSet, kind: keyof typeof OURS, threads: number): Promise<number[]> {
  const entry = await estimatorEntry(OURS[kind].type);
  const errors: number[] = [];
  for (let seed = 1; seed <= N_SEEDS; seed++) {
    const { order, nTrain } = splitOf(set, seed);
    const [train, test] = [order.subarray(0, nTrain), order.subarray(nTrain)];
    const fitted = await entry
      .make(OURS[kind].params)
      .fit(takeRows(set.X, train), takeValues(set.y, train), set.target, {
        rng: createRng(seed),
        task: quietTask,
        threads,
        features: set.features,
      });
    const [X, y] = [takeRows(set.X, test), takeValues(set.y, test)];
    if (set.target.task === 'regression') errors.push((await scoreOn(fitted, X, y, 'rmse'))!);
    else errors.push(1 - (await scoreOn(fitted, X, y, set.target.task === 'binary' ? 'rocAuc' : 'accuracy'))!);
  }
  return errors;
}

/** Our mean error against the peers' ten: better than, within or outside what their seeds span. */
function compare(set: IndexedSet, kind: keyof typeof OURS, ours: readonly number[], answer: Answer | null): BenchRow {
  const { nRows, nCols } = set.X;
  const label = `${set.name}, ${kind}`;
  const unit = UNITS[set.target.task];
  const spread = [Math.min(...ours), Math.max(...ours)] as const;
  const mean = meanOf(ours);
  const base = { case: label, unit, ours: mean, spread, nRows, nFeatures: nCols };
  if (!answer) return { ...base, peer: null, peerName: null, ratio: null };
  const found = OURS[kind].peers.map((name) => ({ name, errors: answer.scores[name]! }));
  const best = found.reduce((a, b) => (meanOf(b.errors) < meanOf(a.errors) ? b : a));
  const weakest = found.reduce((a, b) => (meanOf(b.errors) > meanOf(a.errors) ? b : a));
  // Splits are the same on both sides, so differences are taken split by split.
  const gaps = ours.map((e, s) => e - weakest.errors[s]!);
  const error = deviation(gaps) / Math.sqrt(gaps.length);
  const isInSpan = mean <= Math.max(...found.flatMap(({ errors }) => errors));
  const verdict = meanOf(gaps) <= 2 * error ? 'not worse' : isInSpan ? 'within the spread' : 'outside';
  return {
    ...base,
    peer: meanOf(best.errors),
    peerName: best.name,
    // Where both make no error at all there is nothing to divide by.
    ratio: meanOf(best.errors) === 0 ? null : mean / meanOf(best.errors),
    peers: found
      .map(
        ({ name, errors }) =>
          `${name} ${meanOf(errors).toFixed(5)} (${Math.min(...errors).toFixed(5)}–${Math.max(...errors).toFixed(5)})`,
      )
      .join('; '),
    gapToWeakest: meanOf(gaps),
    standardError: error,
    medianRatio: median(ours.map((e, s) => e / Math.max(best.errors[s]!, 1e-12))),
    verdict,
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1));
}

/** Rows and splits as files, and the arguments that name them. */
async function writeFor(set: IndexedSet, dir: string): Promise<string[]> {
  const bytes = (values: Float32Array | Float64Array | Uint32Array) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const [x, y, orders] = ['x.f32', 'y.f64', 'orders.u32'].map((name) => path.join(dir, `scores-${name}`));
  await writeFile(x!, bytes(set.X.data));
  await writeFile(y!, bytes(set.y));
  const splits = Array.from({ length: N_SEEDS }, (_, s) => splitOf(set, s + 1));
  const all = new Uint32Array(N_SEEDS * set.y.length);
  splits.forEach(({ order }, s) => all.set(order, s * set.y.length));
  await writeFile(orders!, bytes(all));
  const categories = set.features.flatMap(({ kind }, j) => (kind === 'category' ? [j] : []));
  const { task } = set.target;
  return [
    x!,
    y!,
    orders!,
    String(set.X.nCols),
    task,
    JSON.stringify(splits.map(({ nTrain }) => nTrain)),
    JSON.stringify(categories),
  ];
}
