import type { Ensemble } from '../../../kernels/trees/ensemble.ts';
import { LEAF } from '../../../kernels/trees/ensemble.ts';
import type { TargetInfo } from '../../../models/estimator.ts';
import { ensembleState, restoreEnsemble } from '../../../models/tree/ensembleState.ts';
import { defaultCalibration, type CalibrationOptions } from '../../calibrate.ts';
import { nClassesOf, type Rows } from '../../rows.ts';
import type { PassMemory, Pilot, PilotState, ServiceName, StatisticBlock, Visit } from '../service.ts';
import { blockRouter } from './fastVisit.ts';
import { leafOf } from './walk.ts';

/** What scores are shares of, learned on the sample. */
export interface TreeDensity {
  /** Share of a draw that follows the gradients; the rest is even. 0: a stratified draw. */
  readonly gradientShare: number;
  /** Σ w |g| and Σ w. */
  readonly gradient: number;
  readonly mass: number;
  /** Predictions of a regression lie between these. */
  readonly low: number;
  readonly high: number;
}

export interface TreePilotInit {
  readonly service: ServiceName;
  readonly target: TargetInfo;
  readonly nFeatures: number;
  readonly ensemble: Ensemble;
  /** Raw scores before the first tree, shape (nOut,). */
  readonly baseline: Float64Array;
  readonly density: TreeDensity;
}

/** Rounds whose leaves are cells: the first splits what matters most. */
const CELL_ROUNDS = 2;

/**
 * A few small boosted trees as pilot, on raw columns with gaps and categories. Rows are drawn by 0.7 |g|/Σ|g| + 0.3/n
 * (after GOSS: Ke et al. 2017), or evenly, spread over class and prediction either way; weights reproduce class counts
 * and the gradients and counts in the leaves of the first trees: what their splits and values are made of.
 */
export class TreePilot implements Pilot {
  readonly service: ServiceName;
  readonly nFeatures: number;
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly calibration: CalibrationOptions = { ...defaultCalibration, lower: 0.2, upper: 5 };
  readonly penalty = 0;
  readonly hasSquares = true;
  readonly init: TreePilotInit;
  private readonly nClasses: number;
  private readonly nOut: number;
  private readonly nCells: number;
  /** Cell of each node of the cell trees, −1 elsewhere. */
  private readonly cellOf: Int32Array;
  private readonly nCellTrees: number;

  constructor(init: TreePilotInit) {
    this.init = init;
    this.service = init.service;
    this.nFeatures = init.nFeatures;
    const K = (this.nClasses = nClassesOf(init.target));
    const { roots, flags } = init.ensemble;
    this.nOut = init.ensemble.width;
    this.nCellTrees = Math.min(roots.length - 1, CELL_ROUNDS * this.nOut);
    this.cellOf = new Int32Array(flags.length).fill(-1);
    let nCells = 0;
    for (let node = 0; node < roots[this.nCellTrees]!; node++) if (flags[node]! & LEAF) this.cellOf[node] = nCells++;
    this.nCells = nCells;
    const fold = K;
    const gradient = fold + this.nFold;
    const cells = gradient + this.nOut;
    this.nStatistics = cells + 2 * nCells;
    this.blocks = [
      { kind: 'count', from: 0, to: fold },
      { kind: 'fold', from: fold, to: gradient },
      { kind: 'gradient', from: gradient, to: cells },
      { kind: 'curvature', from: cells, to: cells + nCells },
      { kind: 'extra', from: cells + nCells, to: this.nStatistics },
    ];
  }

  /** Pilot loss and prediction by class, or loss, |residual| and prediction. */
  private get nFold(): number {
    return this.nClasses === 1 ? 3 : 2 * this.nClasses;
  }

  visit(rows: Rows, out: Visit): void {
    this.write(rows, out, this.walk(rows));
  }

  fastVisit(memory: PassMemory): (rows: Rows, out: Visit) => void {
    const { nOut, nCellTrees, cellOf } = this;
    const { ensemble, baseline } = this.init;
    const route = blockRouter(ensemble, nCellTrees, cellOf, memory);
    return (rows, out) => {
      const { raw, cells: reached } = route(rows.X);
      this.write(rows, out, (i, f, cells) => {
        for (let k = 0; k < nOut; k++) f[k] = baseline[k]! + raw[i * nOut + k]!;
        for (let t = 0; t < nCellTrees; t++) cells[t] = reached[i * nCellTrees + t]!;
      });
    };
  }

  /** Route of a row by a plain walk. */
  private walk({ X }: Rows): Route {
    const { nOut, cellOf, nCellTrees } = this;
    const { ensemble: e, baseline } = this.init;
    const nTrees = e.roots.length - 1;
    return (i, f, cells) => {
      f.set(baseline);
      for (let t = 0; t < nTrees; t++) {
        const leaf = leafOf(e, e.roots[t]!, X.data, i * X.nCols);
        f[t % nOut]! += e.values[leaf]!;
        if (t < nCellTrees) cells[t] = cellOf[leaf]!;
      }
    };
  }

  private write({ y, weight }: Rows, out: Visit, route: Route): void {
    const { score, key, statistics, totals, squares, part } = out;
    const { nOut, nClasses: K, nStatistics, nCells, nCellTrees, nFold } = this;
    const { gradientShare, gradient, mass, low, high } = this.init.density;
    const f = new Float64Array(nOut);
    const p = new Float64Array(K);
    const cells = new Int32Array(nCellTrees);
    const sums = statistics ?? totals;
    const size = gradient > 0 ? gradientShare / gradient : 0;
    const even = (gradient > 0 ? 1 - gradientShare : 1) / mass;
    for (let i = 0; i < y.length; i++) {
      route(i, f, cells);
      probabilities(f, p);
      const own = K === 1 ? 0 : p[y[i]!]!;
      if (score) score[i] = size * (K === 1 ? Math.abs(f[0]! - y[i]!) : 1 - own) + even;
      if (key) key[i] = K === 1 ? shareOf(f[0]!, low, high) : (y[i]! + own) / K;
      if (!sums) continue;
      const w = statistics || weight === undefined ? 1 : weight[i]!;
      if (w === 0) continue;
      const row = (statistics ? i : (part?.[i] ?? 0)) * nStatistics;
      bump(sums, row, squares, K === 1 ? 0 : y[i]!, w, 1);
      if (K === 1) {
        const r = f[0]! - y[i]!;
        bump(sums, row, squares, K, w, r * r);
        bump(sums, row, squares, K + 1, w, Math.abs(r));
        bump(sums, row, squares, K + 2, w, f[0]!);
      } else {
        bump(sums, row, squares, K + y[i]!, w, -Math.log(Math.max(own, 1e-12)));
        for (let k = 0; k < K; k++) bump(sums, row, squares, 2 * K + k, w, p[k]!);
      }
      const slopes = K + nFold;
      // Scores are of no more use: slopes take their place.
      for (let k = 0; k < nOut; k++) {
        f[k] = slope(k, f[k]!, p, y[i]!, nOut);
        bump(sums, row, squares, slopes + k, w, f[k]!);
      }
      const first = slopes + nOut;
      for (let t = 0; t < nCellTrees; t++) {
        bump(sums, row, squares, first + cells[t]!, w, f[t % nOut]!);
        bump(sums, row, squares, first + nCells + cells[t]!, w, 1);
      }
    }
  }

  /** Σ of squared errors or log losses of the pilot. */
  lossOf(totals: Float64Array): number {
    const from = this.nClasses;
    let sum = 0;
    for (let k = 0; k < (this.nClasses === 1 ? 1 : this.nClasses); k++) sum += totals[from + k]!;
    return sum;
  }

  excess(): null {
    return null;
  }

  canRefit(): boolean {
    return false;
  }

  async refit(): Promise<null> {
    return null;
  }

  state(): PilotState {
    const { target, nFeatures, ensemble, baseline, density } = this.init;
    const { json, arrays } = ensembleState(ensemble);
    return {
      service: this.service,
      json: { target, nFeatures, density, ensemble: json },
      arrays: { ...arrays, baseline },
    };
  }
}

export function restoreTreePilot({ service, json, arrays }: PilotState): TreePilot {
  const { ensemble, ...plain } = json as Pick<TreePilotInit, 'target' | 'nFeatures' | 'density'> & {
    ensemble: unknown;
  };
  const { baseline, ...rest } = arrays;
  return new TreePilot({
    ...plain,
    service,
    ensemble: restoreEnsemble(ensemble, rest),
    baseline: baseline as Float64Array,
  });
}

/** Class probabilities of raw scores: one score for two classes, else one a class. Nothing for regression. */
export function probabilities(f: Float64Array, p: Float64Array): void {
  if (p.length === 1) return;
  if (f.length === 1) {
    p[1] = 1 / (1 + Math.exp(-f[0]!));
    p[0] = 1 - p[1];
    return;
  }
  let top = -Infinity;
  for (const v of f) top = Math.max(top, v);
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += p[k] = Math.exp(f[k]! - top);
  for (let k = 0; k < p.length; k++) p[k]! /= sum;
}

/** Adds a row's value of one statistic to its sum, and to the sum of squares. */
function bump(
  sums: Float64Array,
  row: number,
  squares: Float64Array | undefined,
  column: number,
  w: number,
  value: number,
): void {
  sums[row + column]! += w * value;
  if (squares) squares[column]! += w * value * value;
}

/** Writes raw scores and cells of row i to f and cells. */
type Route = (i: number, f: Float64Array, cells: Int32Array) => void;

/** Derivative of the loss by raw score k of `nOut`, which is f. */
function slope(k: number, f: number, p: Float64Array, y: number, nOut: number): number {
  if (p.length === 1) return f - y;
  if (nOut === 1) return p[1]! - y;
  return p[k]! - Number(y === k);
}

/** Where v lies between low and high, in [0, 1]. */
export const shareOf = (v: number, low: number, high: number): number =>
  high > low ? Math.min(1, Math.max(0, (v - low) / (high - low))) : 0;
