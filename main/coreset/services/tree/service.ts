import { takeRows, takeValues } from '../../../kernels/matrix.ts';
import { permutation, type Rng } from '../../../kernels/rng.ts';
import { quietTask, type TaskContext } from '../../../kernels/task.ts';
import type { Feature, TargetInfo } from '../../../models/estimator.ts';
import { gradientBoosting } from '../../../models/tree/boosting/entry.ts';
import type { FittedBoosting } from '../../../models/tree/boosting/fitted.ts';
import { inclusionProbabilities } from '../../draw/inclusion.ts';
import { pilotRows, thin, type Sample } from '../../draw/reservoir.ts';
import { systematicDraw } from '../../draw/systematic.ts';
import type { WeightedRows } from '../../rows.ts';
import type { Service, ServiceName, ServiceOptions } from '../service.ts';
import { restoreTreePilot, TreePilot, type TreePilotInit } from './pilot.ts';
import { rowLosses, scoreSample, type SampleScores } from './sampleScores.ts';

const PILOT_ROWS = 2000;
/** Rows of the sample, at random, that the pilot scores: for its density, and to choose a draw by. */
const SCORED_ROWS = 8000;
/** Trees of the pilot over all classes, at most, and rounds. */
const PILOT_TREES = 120;
const PILOT_ROUNDS = 20;
const PILOT = { maxDepth: 4, maxLeafNodes: 16, learningRate: 0.2 };
/** What the two draws are compared with: enough rounds that a difference shows. */
const JUDGE = { maxIter: 10, learningRate: 0.35, maxBins: 63 };
/** Rows a draw is judged with, at most; a third of the scored rows are the judges. */
const JUDGED_ROWS = 800;
const GRADIENT_SHARE = 0.7;
/** For models that are not trees: half way, since what is hard for trees need not be hard for them. */
const GENERIC_SHARE = 0.35;

/** Decision trees, forests, boosting: rows by the gradients of a pilot, or evenly by class where that serves better. */
export const treeService: Service = {
  name: 'tree',
  takesMissing: true,
  pilot: (sample, target, options, rng, task) => learnTreePilot('tree', sample, target, options, rng, task),
  restore: restoreTreePilot,
};

/** A pilot of small boosted trees; for trees it also says which kind of draw serves them better. */
export async function learnTreePilot(
  service: 'tree' | 'generic',
  sample: Sample,
  target: TargetInfo | null,
  { features, size, isEven }: ServiceOptions,
  rng: Rng,
  task: TaskContext,
): Promise<TreePilot> {
  const of: TargetInfo = target ?? { task: 'regression' };
  const K = of.task === 'regression' ? 1 : of.nClasses;
  const rows = evenly(thin(sample, pilotRows(sample, Math.min(sample.y.length, PILOT_ROWS), rng.fork('rows'))));
  if (K > 1 && new Set(rows.y).size < 2) return new TreePilot(constantPilot(service, sample, of, K));
  const maxIter = Math.max(4, Math.min(PILOT_ROUNDS, Math.floor(PILOT_TREES / Math.max(1, K - 1))));
  const fitted = await fitBoosting({ ...PILOT, maxIter }, rows, of, features, rng, task);
  const some = permutation(sample.y.length, rng.fork('scored')).subarray(0, SCORED_ROWS).sort();
  const scored = some.length === sample.y.length ? sample : take(sample, some);
  const scores = await scoreSample(fitted, scored);
  const init = initOf(service, fitted, scored, scores);
  const chosen = () => chooseShare(init, scored, scores, size ?? PILOT_ROWS, features, rng, task);
  const share = isEven ? 0 : service === 'generic' ? GENERIC_SHARE : await chosen();
  return new TreePilot({ ...init, density: { ...init.density, gradientShare: share } });
}

function fitBoosting(
  params: object,
  { X, y, weight }: WeightedRows,
  target: TargetInfo,
  features: readonly Feature[] | undefined,
  rng: Rng,
  { signal }: TaskContext,
): Promise<FittedBoosting> {
  return gradientBoosting.make({ ...params }).fit(X, y, target, {
    sampleWeight: weight,
    rng: rng.fork('fit'),
    task: { ...quietTask, signal },
    threads: 1,
    ...(features && { features }),
  }) as Promise<FittedBoosting>;
}

function initOf(
  service: ServiceName,
  fitted: FittedBoosting,
  sample: WeightedRows,
  scores: SampleScores,
): TreePilotInit {
  let [gradient, mass] = [0, 0];
  for (let i = 0; i < sample.weight.length; i++) {
    gradient += sample.weight[i]! * scores.gradient[i]!;
    mass += sample.weight[i]!;
  }
  const [low, high] = scores.range;
  return {
    service,
    target: fitted.target,
    nFeatures: sample.X.nCols,
    ensemble: fitted.ensemble,
    baseline: fitted.baseline,
    density: { gradientShare: GRADIENT_SHARE, gradient, mass, low, high },
  };
}

const take = ({ X, y, weight }: WeightedRows, rows: Uint32Array): WeightedRows => ({
  X: takeRows(X, rows),
  y: takeValues(y, rows),
  weight: takeValues(weight, rows),
});

/**
 * Gradients help most sets and hurt some: a quick model on a draw of each kind from two thirds of the sample is judged
 * on the rest. They are left only for what is better by more than two standard errors: a close call says little, and over
 * all sets gradients win.
 */
async function chooseShare(
  { target, density }: TreePilotInit,
  sample: WeightedRows,
  scores: SampleScores,
  size: number,
  features: readonly Feature[] | undefined,
  rng: Rng,
  task: TaskContext,
): Promise<number> {
  const n = sample.y.length;
  const order = permutation(n, rng.fork('judges'));
  const nJudges = Math.floor(n / 3);
  if (nJudges < 100) return 0;
  const judges = take(sample, order.slice(0, nJudges).sort());
  const rest = order.slice(nJudges).sort();
  const nClasses = target.task === 'regression' ? 0 : new Set(takeValues(sample.y, rest)).size;
  const m = Math.min(size, JUDGED_ROWS, Math.floor(rest.length / 3));
  const losses: Float64Array[] = [];
  for (const share of [GRADIENT_SHARE, 0]) {
    const { gradient, mass } = density;
    const steep = gradient > 0 ? share / gradient : 0;
    const even = (gradient > 0 ? 1 - share : 1) / mass;
    const score = scores.gradient.map((g) => steep * g + even);
    const drawn = draw(sample, { score, key: scores.key }, rest, m, rng.fork(`draw ${share}`));
    if (nClasses > 0 && new Set(drawn.y).size < nClasses) {
      losses.push(judges.weight.map(() => Infinity));
      continue;
    }
    const fitted = await fitBoosting(JUDGE, drawn, target, features, rng, task);
    losses.push(await rowLosses(fitted, judges));
  }
  const [byGradient, even] = losses as [Float64Array, Float64Array];
  return isClearlyMore(byGradient, even, judges.weight) ? 0 : GRADIENT_SHARE;
}

/** Whether a is larger than b on the weighted average by more than two standard errors of that. */
function isClearlyMore(a: Float64Array, b: Float64Array, weight: Float64Array): boolean {
  if (a[0] === Infinity) return true;
  if (b[0] === Infinity) return false;
  let [sum, mass, squares] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sum += weight[i]! * (a[i]! - b[i]!);
    mass += weight[i]!;
  }
  for (let i = 0; i < a.length; i++) squares += (weight[i]! * (a[i]! - b[i]! - sum / mass)) ** 2;
  return sum > 2 * Math.sqrt(squares);
}

/** About m of the rows named by `rows`. */
function draw(
  sample: WeightedRows,
  { score, key }: { score: Float64Array; key: Float64Array },
  rows: Uint32Array,
  m: number,
  rng: Rng,
): WeightedRows {
  const mass = takeValues(score, rows);
  const weight = takeValues(sample.weight, rows);
  for (let k = 0; k < mass.length; k++) mass[k]! *= weight[k]!;
  const pi = inclusionProbabilities(mass, m);
  const kept = systematicDraw(pi, takeValues(key, rows), rng);
  for (let k = 0; k < weight.length; k++) weight[k]! /= pi[k]!;
  const ids = kept.map((at) => rows[at]!);
  return evenly({ X: takeRows(sample.X, ids), y: takeValues(sample.y, ids), weight: takeValues(weight, kept) });
}

/** Trees count rows and weigh gradients: weights of mean 1 leave the regularisation of leaves as it is on all rows. */
function evenly<R extends WeightedRows>(rows: R): R {
  let sum = 0;
  for (const w of rows.weight) sum += w;
  return { ...rows, weight: rows.weight.map((w) => (w * rows.weight.length) / sum) };
}

/** Of one class there is nothing to learn: no trees, an even draw. */
function constantPilot(service: ServiceName, { X, weight }: Sample, target: TargetInfo, K: number): TreePilotInit {
  const width = K === 2 ? 1 : K;
  const none = new Float64Array(0);
  const ensemble = {
    nFeatures: X.nCols,
    nOut: 1,
    width,
    roots: new Int32Array(1),
    feature: new Int32Array(0),
    threshold: new Float32Array(0),
    categoryAt: new Int32Array(0),
    flags: new Uint8Array(0),
    left: new Int32Array(0),
    right: new Int32Array(0),
    values: none,
    gain: none,
    cover: none,
    categories: new Uint32Array(0),
  };
  const mass = weight.reduce((a, b) => a + b, 0);
  const density = { gradientShare: 0, gradient: 0, mass, low: 0, high: 1 };
  return { service, target, nFeatures: X.nCols, ensemble, baseline: new Float64Array(width), density };
}
