import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { TuneConfig } from '../../../main/contract/config.ts';
import type { Trial } from '../../../main/contract/run.ts';
import { memorySource } from '../../../main/coreset/rows.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { calibratedFolds } from '../../../main/coreset/tree/folds.ts';
import { scoreOn } from '../../../main/evaluate/scorer.ts';
import { kendallTau } from '../../../main/evaluate/kendall.ts';
import { takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { Feature, TargetInfo } from '../../../main/models/estimator.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { kFolds, type Fold } from '../../../main/tune/folds.ts';
import { search } from '../../../main/tune/search.ts';
import { median, row, timingOf, type Bench, type BenchContext, type BenchRow } from '../harness.ts';
import { loadCoresetData } from '../helpers/coresetData.ts';

const SETS = ['covertype2', 'cardio', 'bank_marketing', 'adult'];
const [M, N_FOLDS] = [2000, 5];
/** 12 × 2 × 2 = 48 configurations. */
const C = Array.from({ length: 12 }, (_, i) => Number((10 ** (-4 + (4 * i) / 11)).toPrecision(4)));
const METRIC = 'rocAuc';
/** Seconds scikit-learn gets for a set; a grid that takes longer is fitted in part, and its time scaled up. */
const PEER_BUDGET_S = 150;

export const coresetSearch: Bench = {
  name: 'coreset-search',
  description:
    'Grid of 48 logistic regressions × 5 folds on a coreset (its build included) beside the same search on all rows',
  async run(context) {
    const { dataDir, log } = context;
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    for (const name of SETS.filter((set) => set.includes(context.only ?? '')))
      rows.push(await searched(context, dataDir, name, log));
    return rows;
  },
};

async function searched(
  { nRuns, threads, tempDir, peer }: BenchContext,
  dataDir: string,
  name: string,
  log: BenchContext['log'],
): Promise<BenchRow> {
  const { X, y, target } = await loadCoresetData(dataDir, name);
  const order = permutation(y.length, createRng(5));
  const held = order.subarray(0, Math.floor(y.length / 5));
  const kept = order.subarray(held.length);
  const train = { X: takeRows(X, kept), y: takeValues(y, kept) };
  const test = { X: takeRows(X, held), y: takeValues(y, held) };

  const onCoreset: { seconds: number; trials: readonly Trial[] }[] = [];
  for (let seed = 1; seed <= nRuns; seed++) {
    const from = performance.now();
    const folds = await coresetFolds(train, target, seed, threads);
    const { trials } = await grid(folds, target, threads);
    onCoreset.push({ seconds: (performance.now() - from) / 1000, trials });
  }
  const from = performance.now();
  const all = await grid(plainFolds(train), target, threads);
  const ourSeconds = (performance.now() - from) / 1000;
  const reference = meansOf(all.trials);

  const chosen = await Promise.all(
    onCoreset.map(({ trials }) => validated(best(trials), train, test, target, threads)),
  );
  const onAll = await validated(best(all.trials), train, test, target, threads);
  const taus = onCoreset.map(({ trials }) => kendallTau(meansOf(trials), reference) ?? NaN);
  const taus4 = onCoreset.map(({ trials }) => kendallTau(meansOf(trials), reference, 1e-4) ?? NaN);
  const bias = onCoreset.map(({ trials }) => median(meansOf(trials).map((mean, i) => mean / reference[i]! - 1)));

  const file = path.join(tempDir, `${name}.f32`);
  const bytes = new Float32Array(train.X.data.length + train.y.length);
  bytes.set(train.X.data);
  bytes.set(train.y, train.X.data.length);
  writeFileSync(file, bytes);
  const answer = await peer('search.py', [
    String(PEER_BUDGET_S),
    file,
    String(train.y.length),
    String(X.nCols),
    ...C.map(String),
  ]);
  const peerSeconds = answer === null ? null : Number(answer['seconds']);
  log(
    `${name}: coreset ${median(onCoreset.map((r) => r.seconds)).toFixed(2)} s, all rows ${ourSeconds.toFixed(1)} s, tau ${median(taus).toFixed(3)}`,
  );
  return row(
    `${name}, 48 × ${N_FOLDS}`,
    's',
    timingOf(onCoreset.map(({ seconds }) => seconds)),
    peerSeconds === null ? null : { name: 'scikit-learn on all rows', median: peerSeconds },
    {
      ...(answer && { shareOfPeersGrid: answer['share'] }),
      oursOnAllRows: ourSeconds,
      ratioToOurs: median(onCoreset.map(({ seconds }) => seconds)) / ourSeconds,
      kendallTau: median(taus),
      worstTau: taus.reduce((a, b) => Math.min(a, b)),
      tauTiesBelow1e4: median(taus4),
      foldBiasPercent: 100 * median(bias),
      worstFoldBiasPercent: 100 * bias.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
      chosenAuc: median(chosen),
      worstChosenAuc: chosen.reduce((a, b) => Math.min(a, b)),
      allRowsAuc: onAll,
      worstRegretPercent: 100 * (1 - chosen.reduce((a, b) => Math.min(a, b)) / onAll),
      nRows: train.y.length,
      nFeatures: X.nCols,
    },
  );
}

interface Rows {
  readonly X: Matrix;
  readonly y: Float64Array;
}

async function coresetFolds(train: Rows, target: TargetInfo, seed: number, threads: number): Promise<Fold[]> {
  const tree = await buildTree(memorySource(train, target), { service: 'logistic', size: M, seed, threads }, quietTask);
  const { X, y } = tree.coreset(0);
  return calibratedFolds(tree, N_FOLDS, 0).map((fold) => ({
    trainX: takeRows(X, fold.trainRows),
    trainY: takeValues(y, fold.trainRows),
    trainWeight: fold.trainWeights,
    testX: takeRows(X, fold.testRows),
    testY: takeValues(y, fold.testRows),
    testWeight: fold.testWeights,
  }));
}

function plainFolds({ X, y }: Rows): Fold[] {
  return kFolds(y.length, N_FOLDS, createRng(0).fork('folds'), y).map((test) => {
    const isTest = new Uint8Array(y.length);
    for (const i of test) isTest[i] = 1;
    const training = Uint32Array.from(y.keys()).filter((i) => !isTest[i]);
    return {
      trainX: takeRows(X, training),
      trainY: takeValues(y, training),
      testX: takeRows(X, test),
      testY: takeValues(y, test),
    };
  });
}

async function grid(folds: readonly Fold[], target: TargetInfo, threads: number) {
  const entry = await estimatorEntry('logisticRegression');
  const tune = TuneConfig.parse({
    method: 'grid',
    space: { C, penalty: ['l2', 'l1'], classWeight: [null, 'balanced'] },
    folds: N_FOLDS,
    metric: METRIC,
  });
  const features: Feature[] = [];
  return search({ entry, params: {}, tune, metric: METRIC, folds, target, features, threads }, quietTask);
}

const meansOf = (trials: readonly Trial[]) => trials.map(({ mean }) => mean ?? NaN);

const best = (trials: readonly Trial[]) => trials.toSorted((a, b) => (b.mean ?? 0) - (a.mean ?? 0))[0]!.params;

/** AUC on the held-out rows of a configuration fitted on all training rows. */
async function validated(params: Trial['params'], train: Rows, test: Rows, target: TargetInfo, threads: number) {
  const { make } = await estimatorEntry('logisticRegression');
  const model = await make(params).fit(train.X, train.y, target, { rng: createRng(0), task: quietTask, threads });
  return (await scoreOn(model, test.X, test.y, METRIC))!;
}
