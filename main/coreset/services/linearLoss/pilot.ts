import type { Rng } from '../../../kernels/rng.ts';
import type { TargetInfo } from '../../../models/estimator.ts';
import { defaultCalibration, type CalibrationOptions } from '../../calibrate.ts';
import type { Sample } from '../../draw/reservoir.ts';
import type { Rows, WeightedRows } from '../../rows.ts';
import type { PassMemory, Pilot, PilotState, ServiceName, StatisticBlock, Visit } from '../service.ts';
import { learnDensity, scoreParts, scores, sharesOf, type Density } from './density.ts';
import { createFastVisit } from './fastVisit.ts';
import { addRank, N_RANK, rankKnots } from './rankCurve.ts';
import { penaltyOf, solveLinear } from './solve.ts';
import { newtonGain } from './fit.ts';
import { layoutOf, type Layout } from './layout.ts';
import { lossOf, type LinearLoss, type LossName } from './loss.ts';

interface PilotInit {
  readonly service: ServiceName;
  readonly lossName: LossName;
  readonly target: TargetInfo | null;
  readonly C: number;
  readonly penaltyWeight: number;
  readonly nFeatures: number;
  /** Shape (1 + nOthers, nOut, q): the pilot itself, then further ones whose gradients are reproduced too. */
  readonly betas: Float64Array;
  readonly density: Density;
  /** See `rankKnots`; empty for other losses than the logistic one. */
  readonly knots: Float64Array;
  /** Spread of the residuals, for the order of a draw. */
  readonly unit: number;
}

/**
 * A linear model as pilot. Rows are drawn by 0.3 ô + 0.3 ĥ + 0.3 l̂ + 0.1/n (see `scoreParts`), weights reproduce class
 * counts, gradient and curvature at the pilot.
 */
export class LinearPilot implements Pilot {
  readonly service: ServiceName;
  readonly nFeatures: number;
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly calibration: CalibrationOptions;
  readonly penalty: number;
  /** Shape (nOut, q). */
  readonly beta: Float64Array;
  readonly loss: LinearLoss;
  private readonly init: PilotInit;
  private readonly layout: Layout;
  private readonly others: readonly Float64Array[];

  constructor(init: PilotInit) {
    this.init = init;
    this.service = init.service;
    this.nFeatures = init.nFeatures;
    this.loss = lossOf(init.lossName, init.target);
    const size = this.loss.nOut * (init.nFeatures + 1);
    this.beta = init.betas.subarray(0, size);
    const nOthers = init.betas.length / size - 1;
    this.others = Array.from({ length: nOthers }, (_, i) => init.betas.subarray((i + 1) * size, (i + 2) * size));
    this.layout = layoutOf(this.loss, init.nFeatures, nOthers, init.knots.length > 0 ? N_RANK : 0);
    this.blocks = this.layout.blocks;
    this.nStatistics = this.layout.nStatistics;
    // Squares of heavy-tailed features have a spread that is mostly tail: in its units every miss looks small.
    const [softness, leastSoftness] = init.lossName === 'squared' ? [0.1, 0.03] : [defaultCalibration.softness, 0.3];
    this.calibration = { ...defaultCalibration, softness, leastSoftness };
    this.penalty = penaltyOf(this.beta, init.nFeatures, init.penaltyWeight);
  }

  /** Fits the pilot on `rows` and learns the density on the whole sample. */
  static async learn(
    service: ServiceName,
    lossName: LossName,
    { target, C, penaltyWeight }: { target: TargetInfo | null; C: number; penaltyWeight: number },
    sample: Sample,
    rows: WeightedRows,
    rng: Rng,
  ): Promise<LinearPilot> {
    const loss = lossOf(lossName, target);
    const beta = await solveLinear(rows, loss, { C, penalty: penaltyWeight });
    const density = learnDensity(sample, loss, beta, penaltyWeight / C, rng);
    const unit = lossName === 'squared' ? residualSpread(sample, beta) : 1;
    const nFeatures = sample.X.nCols;
    const knots = knotsOf(lossName, rows, beta);
    return new LinearPilot({
      service,
      lossName,
      target,
      C,
      penaltyWeight,
      nFeatures,
      betas: beta,
      density,
      knots,
      unit,
    });
  }

  /** C and the weight of ½‖β‖² of the model this pilot is. */
  get settings(): Pick<PilotInit, 'C' | 'penaltyWeight'> {
    return this.init;
  }

  lossOf(totals: Float64Array): number | null {
    const { fold } = this.layout;
    if (this.loss.name !== 'softmax') return this.init.C * totals[fold]!;
    let sum = 0;
    for (let k = 0; k < this.loss.nClasses; k++) sum += totals[fold + k]!;
    return this.init.C * sum;
  }

  excess(rows: WeightedRows, totals: Float64Array): number | null {
    const { C, penaltyWeight } = this.init;
    const { gradient: from, curvature: to } = this.layout;
    const objective = this.lossOf(totals)! + this.penalty;
    const gradient = totals.slice(from, to).map((g) => C * g);
    const q = this.nFeatures + 1;
    for (let at = 0; at < gradient.length; at++) {
      if (at % q !== this.nFeatures) gradient[at]! += penaltyWeight * this.beta[at]!;
    }
    return objective > 0
      ? newtonGain(rows, this.loss, this.beta, gradient, { C, penalty: penaltyWeight }) / objective
      : 0;
  }

  canRefit(nRows: number, isVerified: boolean): boolean {
    return nRows >= (isVerified ? 4 : 10) * (this.nFeatures + 1);
  }

  async refit(rows: WeightedRows): Promise<LinearPilot> {
    const { C, penaltyWeight } = this.init;
    const betas = await solveLinear(rows, this.loss, { C, penalty: penaltyWeight, start: this.beta });
    return new LinearPilot({ ...this.init, betas, knots: knotsOf(this.loss.name, rows, betas) });
  }

  /** The same pilot with the gradients at fits for other values of C beside its own. */
  async withPath(rows: WeightedRows, values: readonly number[]): Promise<LinearPilot> {
    const betas = new Float64Array(this.beta.length * (1 + values.length));
    betas.set(this.beta);
    for (const [i, C] of values.entries()) {
      const beta = await solveLinear(rows, this.loss, { C, penalty: this.init.penaltyWeight, start: this.beta });
      betas.set(beta, (i + 1) * this.beta.length);
    }
    return new LinearPilot({ ...this.init, betas });
  }

  visit({ X, y, weight }: Rows, { score, key, statistics, totals, part }: Visit): void {
    const { loss, layout, others, nStatistics } = this;
    const { density, knots, unit } = this.init;
    const { data, nRows, nCols: d } = X;
    const K = loss.nOut;
    const buffer = new Float64Array(4 * K + 3);
    const f = buffer.subarray(0, K);
    const g = buffer.subarray(K, 2 * K);
    const v = buffer.subarray(2 * K, 3 * K);
    const p = buffer.subarray(3 * K, 4 * K);
    const parts = buffer.subarray(4 * K);
    const [so, sh, sl, sn] = sharesOf(density);
    const sums = statistics ?? totals;
    for (let i = 0; i < nRows; i++) {
      const w = weight === undefined ? 1 : weight[i]!;
      const at = i * d;
      scores(data, at, d, this.beta, K, f);
      const value = loss.at(f, y[i]!, g, v, p);
      if (score !== undefined) {
        scoreParts(density, data, at, d, y[i]!, g, v, loss, parts);
        score[i] = so * parts[0]! + sh * parts[1]! + sl * parts[2]! + sn;
      }
      if (key !== undefined) {
        if (unit !== 1) g[0]! /= unit;
        key[i] = loss.key(y[i]!, g, p);
        if (unit !== 1) g[0]! *= unit;
      }
      if (sums === undefined) continue;
      const out = (statistics ? i : (part?.[i] ?? 0)) * nStatistics;
      const scale = statistics ? 1 : w;
      if (scale === 0) continue;
      this.addRow(sums, out, scale, data, at, y[i]!, value, g, v, p);
      if (layout.rank >= 0) addRank(knots, sums, out + layout.rank, scale, y[i]!, f[0]!, p[0]!);
      for (let o = 0; o < others.length; o++) {
        scores(data, at, d, others[o]!, K, f);
        loss.at(f, y[i]!, g, v, p);
        addOuter(sums, out + layout.others + o * K * (d + 1), scale, g, data, at, d);
      }
    }
  }

  fastVisit(memory: PassMemory): (rows: Rows, out: Visit) => void {
    const { loss, layout, beta, others, nFeatures, nStatistics } = this;
    const { density, knots, unit } = this.init;
    return createFastVisit({ loss, layout, beta, knots, others, density, unit, nFeatures, nStatistics }, memory);
  }

  private addRow(
    sums: Float64Array,
    out: number,
    scale: number,
    data: Float32Array | Float64Array,
    at: number,
    y: number,
    value: number,
    g: Float64Array,
    v: Float64Array,
    p: Float64Array,
  ): void {
    const { loss, layout } = this;
    const d = this.nFeatures;
    const isSquared = loss.name === 'squared';
    sums[out + (loss.nClasses === 1 ? 0 : y)]! += scale;
    const fold = foldBuffer(loss.nFold);
    loss.fold(y, value, p, fold, 0);
    for (let j = 0; j < loss.nFold; j++) sums[out + layout.fold + j]! += scale * fold[j]!;
    addOuter(sums, out + layout.gradient, scale, g, data, at, d);
    const c = out + layout.curvature;
    if (isSquared) {
      for (let j = 0; j < d; j++) {
        const x = data[at + j]!;
        sums[c + j]! += scale * x;
        sums[c + d + j]! += scale * x * x;
      }
    } else addOuter(sums, c, scale, v, data, at, d);
    if (layout.cross < 0) return;
    let to = out + layout.cross;
    const weight = scale * v[0]!;
    for (let a = 0; a < d; a++) {
      const xa = weight * data[at + a]!;
      // Squares are among the curvature statistics of least squares already.
      const upTo = isSquared ? a : a + 1;
      for (let b = 0; b < upTo; b++) sums[to++]! += xa * data[at + b]!;
    }
  }

  state(): PilotState {
    const { service, lossName, target, C, penaltyWeight, nFeatures, betas, density, knots, unit } = this.init;
    return {
      service,
      json: { lossName, target, C, penaltyWeight, nFeatures, unit, isSparse: density.isSparse },
      arrays: { betas, Wh: density.Wh, Wg: density.Wg, sums: density.sums, knots },
    };
  }

  static restore({ service, json, arrays }: PilotState): LinearPilot {
    const { isSparse, ...plain } = json as Pick<
      PilotInit,
      'lossName' | 'target' | 'C' | 'penaltyWeight' | 'nFeatures' | 'unit'
    > & { isSparse: boolean };
    const { betas, Wh, Wg, sums, knots } = arrays as Record<string, Float64Array>;
    const density = { Wh: Wh!, Wg: Wg!, sums: sums!, isSparse };
    // Trees saved before there were rank statistics have totals without them.
    return new LinearPilot({ ...plain, service, betas: betas!, density, knots: knots ?? new Float64Array(0) });
  }
}

const knotsOf = (name: LossName, rows: WeightedRows, beta: Float64Array): Float64Array =>
  name === 'logistic' ? rankKnots(rows, beta) : new Float64Array(0);

/** sums[from + k·q + j] += scale · c_k · [x, 1]_j. */
function addOuter(
  sums: Float64Array,
  from: number,
  scale: number,
  c: Float64Array,
  data: Float32Array | Float64Array,
  at: number,
  d: number,
): void {
  for (let k = 0, to = from; k < c.length; k++, to += d + 1) {
    const s = scale * c[k]!;
    for (let j = 0; j < d; j++) sums[to + j]! += s * data[at + j]!;
    sums[to + d]! += s;
  }
}

const buffers = new Map<number, Float64Array>();
function foldBuffer(size: number): Float64Array {
  let found = buffers.get(size);
  if (!found) buffers.set(size, (found = new Float64Array(size)));
  return found;
}

function residualSpread({ X, y, weight }: WeightedRows, beta: Float64Array): number {
  const f = new Float64Array(1);
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < X.nRows; i++) {
    scores(X.data, i * X.nCols, X.nCols, beta, 1, f);
    sum += weight[i]! * (f[0]! - y[i]!) ** 2;
    mass += weight[i]!;
  }
  return mass > 0 && sum > 0 ? Math.sqrt(sum / mass) : 1;
}
