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

const PILOT_ROWS = 2000;
/** Trees of the pilot over all classes, at most; 20 rounds where they are few. */
const PILOT_TREES = 120;
const PILOT = { maxDepth: 4, maxLeafNodes: 16, learningRate: 0.2 };
/** What the two draws are compared with: enough rounds that a difference shows. */
const JUDGE = { maxIter: 40 };
const JUDGE_ROWS = 10_000;
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
  const maxIter = Math.max(4, Math.min(20, Math.floor(PILOT_TREES / Math.max(1, K - 1))));
  const fitted = await fitBoosting({ ...PILOT, maxIter }, rows, of, features, rng, task);
  const init = initOf(service, fitted, sample, of);
  const chosen = () => chooseShare(init, sample, size ?? PILOT_ROWS, features, rng, task);
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

function initOf(service: ServiceName, fitted: FittedBoosting, sample: Sample, target: TargetInfo): TreePilotInit {
  const init = {
    service,
    target,
    nFeatures: sample.X.nCols,
    ensemble: fitted.ensemble,
    baseline: fitted.baseline,
    density: { gradientShare: 1, gradient: 1, mass: 1, low: -Infinity, high: Infinity },
  };
  // Scores of a density of gradients alone are the gradients.
  const gradient = new Float64Array(sample.y.length);
  new TreePilot(init).visit(sample, { score: gradient });
  let [sum, mass] = [0, 0];
  sample.weight.forEach((w, i) => {
    sum += w * gradient[i]!;
    mass += w;
  });
  const [low, high] = target.task === 'regression' ? predictedRange(init, sample) : [0, 1];
  return { ...init, density: { gradientShare: GRADIENT_SHARE, gradient: sum, mass, low, high } };
}

/** Least and largest prediction over the sample. */
function predictedRange(init: TreePilotInit, { X, y }: Sample): [number, number] {
  const pilot = new TreePilot(init);
  const statistics = new Float64Array(pilot.nStatistics);
  const fold = pilot.blocks.find(({ kind }) => kind === 'fold')!.from;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < y.length; i++) {
    statistics.fill(0);
    const row = { data: X.data.subarray(i * X.nCols, (i + 1) * X.nCols), nRows: 1, nCols: X.nCols };
    pilot.visit({ X: row, y: y.subarray(i, i + 1) }, { statistics });
    const predicted = statistics[fold + 2]!;
    low = Math.min(low, predicted);
    high = Math.max(high, predicted);
  }
  return [low, high];
}

/**
 * Gradients help most sets and hurt some: a quick model on a draw of each kind from two thirds of the sample is judged
 * on the rest.
 */
async function chooseShare(
  init: TreePilotInit,
  sample: Sample,
  size: number,
  features: readonly Feature[] | undefined,
  rng: Rng,
  task: TaskContext,
): Promise<number> {
  const n = sample.y.length;
  const order = permutation(n, rng.fork('judges'));
  const nJudges = Math.min(JUDGE_ROWS, Math.floor(n / 3));
  if (nJudges < 100) return 0;
  const take = (rows: Uint32Array): WeightedRows => ({
    X: takeRows(sample.X, rows),
    y: takeValues(sample.y, rows),
    weight: takeValues(sample.weight, rows),
  });
  const judges = take(order.slice(0, nJudges).sort());
  const rest = take(order.slice(nJudges).sort());
  const m = Math.min(size, Math.floor(rest.y.length / 3));
  const losses: number[] = [];
  for (const gradientShare of [GRADIENT_SHARE, 0]) {
    const pilot = new TreePilot({ ...init, density: { ...init.density, gradientShare } });
    const drawn = draw(pilot, rest, m, rng.fork(`draw ${gradientShare}`));
    if (init.target.task !== 'regression' && new Set(drawn.y).size < new Set(rest.y).size) {
      losses.push(Infinity);
      continue;
    }
    const fitted = await fitBoosting(JUDGE, drawn, init.target, features, rng, task);
    const judge = new TreePilot({ ...init, ensemble: fitted.ensemble, baseline: fitted.baseline });
    const totals = new Float64Array(judge.nStatistics);
    judge.visit(judges, { totals });
    losses.push(judge.lossOf(totals));
  }
  return losses[0]! < losses[1]! ? GRADIENT_SHARE : 0;
}

function draw(pilot: TreePilot, rows: WeightedRows, m: number, rng: Rng): WeightedRows {
  const score = new Float64Array(rows.y.length);
  const key = new Float64Array(rows.y.length);
  pilot.visit(rows, { score, key });
  const pi = inclusionProbabilities(
    score.map((s, i) => s * rows.weight[i]!),
    m,
  );
  const kept = systematicDraw(pi, key, rng);
  return evenly({
    X: takeRows(rows.X, kept),
    y: takeValues(rows.y, kept),
    weight: Float64Array.from(kept, (i) => rows.weight[i]! / pi[i]!),
  });
}

/** Trees count rows and weigh gradients: weights of mean 1 leave the regularisation of leaves as it is on all rows. */
function evenly<R extends WeightedRows>(rows: R): R {
  const mean = rows.weight.reduce((a, b) => a + b, 0) / Math.max(1, rows.weight.length);
  return { ...rows, weight: rows.weight.map((w) => w / mean) };
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
