import type { WarmStart } from '../calibrate.ts';
import { createRng } from '../../kernels/rng.ts';
import type { TargetInfo } from '../../models/estimator.ts';
import { nClassesOf, type WeightedRows } from '../rows.ts';
import type { Pilot, ServiceName } from '../services/service.ts';
import type { ClassGuarantees } from '../draw/inclusion.ts';
import type { AppliedEdit, RowOverride } from './editLog.ts';
import type { DrawOptions, Leaf } from './leaves.ts';
import { leafNode, mergeNodes, splitPoint, type TreeNode } from './nodes.ts';
import { solveWeights, spreadOf, weightsOf, type Wanted } from './weights.ts';

/** Parts the totals are kept by, so that folds can be calibrated without another pass; divisible by 2 … 6, 10, 12, 15. */
export const N_PARTS = 60;

export interface TreeSettings {
  readonly service: ServiceName;
  /** Rows of the root. */
  readonly size: number;
  readonly seed: number;
  /** Rows of the stream one leaf stands for. */
  readonly chunkSize: number;
  readonly nParts: number;
  readonly guarantees: ClassGuarantees;
}

/** Rows of a level with the weights models are fitted with. */
export interface Coreset extends WeightedRows {
  readonly level: number;
  readonly rowIds: Uint32Array;
  /** Shape (m,): calibrated, or `baseWeight` where nothing is to be reproduced. */
  readonly weight: Float64Array;
  /** Shape (m,): sample weight / inclusion probability. */
  readonly baseWeight: Float64Array;
  /** Shape (m,): part of the totals (and so fold) of each row. */
  readonly part: Uint8Array;
  /** Shape (m,): leaf ordinal and row within it. */
  readonly leaf: Uint32Array;
  readonly row: Uint32Array;
  /** Shape (m,). */
  readonly score: Float64Array;
}

/** A merge-and-reduce tree: leaves hold rows and totals, nodes above hold which of those rows they kept. */
export class CoresetTree {
  readonly settings: TreeSettings;
  readonly target: TargetInfo | null;
  readonly nFeatures: number;
  readonly drawPilot: Pilot;
  /** The pilot whose statistics the weights reproduce. */
  pilot: Pilot;
  leaves: readonly Leaf[];
  /** Nodes above the leaves by "from-to". */
  nodes: Map<string, TreeNode>;
  /** Nodes whose weights or rows do not follow the last edits yet. */
  dirty: Set<string> = new Set();
  readonly overrides: Map<number, RowOverride> = new Map();
  readonly edits: AppliedEdit[] = [];
  readonly seen: Set<number> = new Set();
  /** See `spreads`; null until asked for. */
  spread: Float64Array | null = null;
  /** Calibrated weights by level. */
  weights: Map<number, Float64Array> = new Map();
  /** Multipliers of the calibration by level, from which the weights follow to the last bit. */
  solutions: Map<number, Float64Array> = new Map();
  /** Where the next calibration of a level starts: former multipliers and factors of about the same rows. */
  private readonly starts: Map<number, WarmStart> = new Map();
  /** The root's rows as they were read last, for as long as nothing about them changes. */
  private root: { readonly node: TreeNode; readonly rows: Omit<Coreset, 'weight'> } | null = null;

  constructor(init: {
    settings: TreeSettings;
    target: TargetInfo | null;
    nFeatures: number;
    drawPilot: Pilot;
    pilot: Pilot;
    leaves: readonly Leaf[];
    nodes?: Map<string, TreeNode>;
  }) {
    this.settings = init.settings;
    this.target = init.target;
    this.nFeatures = init.nFeatures;
    this.drawPilot = init.drawPilot;
    this.pilot = init.pilot;
    this.leaves = init.leaves;
    this.nodes = init.nodes ?? new Map();
  }

  get nRowsCovered(): number {
    return this.leaves.reduce((sum, leaf) => sum + leaf.nRowsCovered, 0);
  }

  get nClasses(): number {
    return nClassesOf(this.target);
  }

  /** Levels that differ: level nLevels − 1 is all leaves. */
  get nLevels(): number {
    const depth = (from: number, to: number): number => {
      if (to - from <= 1) return 1;
      const mid = splitPoint(from, to);
      return 1 + Math.max(depth(from, mid), depth(mid, to));
    };
    const [from, to] = this.range;
    return this.leaves.length === 0 ? 0 : depth(from, to);
  }

  /** Leaf ordinals the tree stands for, [from, to). */
  get range(): readonly [number, number] {
    const first = this.leaves[0]?.ordinal ?? 0;
    return [first, first + this.leaves.length];
  }

  get drawOptions(): DrawOptions {
    const { size, guarantees } = this.settings;
    return { size, nClasses: this.nClasses, guarantees };
  }

  leafAt = (ordinal: number): Leaf => this.leaves[ordinal - this.leaves[0]!.ordinal]!;

  /** The node of leaves [from, to), drawn when it is asked for the first time. */
  node(from: number, to: number): TreeNode {
    if (to - from === 1) return leafNode(this.leafAt(from));
    const key = `${from}-${to}`;
    const known = this.nodes.get(key);
    if (known) return known;
    const mid = splitPoint(from, to);
    const rng = createRng(this.settings.seed).fork(`node ${key}`);
    const made = mergeNodes(this.node(from, mid), this.node(mid, to), this.leafAt, this.drawOptions, rng);
    this.nodes.set(key, made);
    return made;
  }

  /** Nodes of a level, left to right: 2^level of them, fewer where leaves are reached. */
  frontier(level: number): TreeNode[] {
    const out: TreeNode[] = [];
    const walk = (from: number, to: number, depth: number) => {
      if (depth === 0 || to - from === 1) return void out.push(this.node(from, to));
      const mid = splitPoint(from, to);
      walk(from, mid, depth - 1);
      walk(mid, to, depth - 1);
    };
    const [from, to] = this.range;
    if (to > from) walk(from, to, level);
    return out;
  }

  /** Sums over all rows by part, shape (nParts, nStatistics). */
  partTotals(): Float64Array {
    const out = new Float64Array(this.settings.nParts * this.pilot.nStatistics);
    for (const { totals } of this.leaves) for (let j = 0; j < out.length; j++) out[j]! += totals[j]!;
    return out;
  }

  /** Sums over all rows, shape (nStatistics,). */
  totals(): Float64Array {
    const width = this.pilot.nStatistics;
    const out = new Float64Array(width);
    this.partTotals().forEach((value, at) => (out[at % width]! += value));
    return out;
  }

  /** What the weights reproduce. */
  wanted(): Wanted {
    return { totals: this.totals(), spread: this.spreads() };
  }

  /** Spread of each statistic over all rows, as the pass or the leaves' rows tell it; kept until the pilot changes. */
  spreads(): Float64Array {
    if (this.spread === null) {
      const { baseWeight, ...rows } = this.rowsOf(Infinity);
      this.spread = spreadOf(this.pilot, { ...rows, weight: baseWeight });
    }
    return this.spread;
  }

  /** The rows of a level without calibrated weights. */
  rowsOf(level: number): Omit<Coreset, 'weight'> {
    const frontier = this.frontier(level);
    if (level !== 0 || frontier.length !== 1) return this.read(level, frontier);
    const node = frontier[0]!;
    if (this.root?.node !== node) this.root = { node, rows: this.read(0, frontier) };
    return this.root.rows;
  }

  private read(level: number, frontier: readonly TreeNode[]): Omit<Coreset, 'weight'> {
    const m = frontier.reduce((sum, { row }) => sum + row.length, 0);
    const d = this.nFeatures;
    const isFloat32 = this.leaves[0]?.X.data instanceof Float32Array;
    const data = isFloat32 ? new Float32Array(m * d) : new Float64Array(m * d);
    const out = {
      level,
      X: { data, nRows: m, nCols: d },
      y: new Float64Array(m),
      rowIds: new Uint32Array(m),
      baseWeight: new Float64Array(m),
      part: new Uint8Array(m),
      leaf: new Uint32Array(m),
      row: new Uint32Array(m),
      score: new Float64Array(m),
    };
    let at = 0;
    for (const { leaf, row, pi } of frontier) {
      for (let i = 0; i < row.length; i++, at++) {
        const from = this.leafAt(leaf[i]!);
        const r = row[i]!;
        for (let j = 0; j < d; j++) data[at * d + j] = from.X.data[r * d + j]!;
        out.y[at] = from.y[r]!;
        out.rowIds[at] = from.rowIds[r]!;
        out.baseWeight[at] = from.rowWeight[r]! / pi[i]!;
        out.part[at] = from.part[r]!;
        out.leaf[at] = leaf[i]!;
        out.row[at] = r;
        out.score[at] = from.score[r]!;
      }
    }
    return out;
  }

  /** A level with weights calibrated to the totals of all rows as edited. Level 0 is the root. */
  coreset(level = 0): Coreset {
    const rows = this.rowsOf(level);
    const known = this.weights.get(level);
    if (known?.length === rows.y.length) {
      // Weights from before an edit without recalculation: rows removed since then count no more.
      const isCurrent = known.every((w, i) => w === 0 || rows.baseWeight[i]! > 0);
      return { ...rows, weight: isCurrent ? known : known.map((w, i) => (rows.baseWeight[i]! > 0 ? w : 0)) };
    }
    const weight = this.calibrated(level, rows);
    this.weights.set(level, weight);
    return { ...rows, weight };
  }

  /** Weights are to be calibrated anew, from where they are: after an edit that leaves most rows alone. */
  loosen(): void {
    for (const [level, lambda] of this.solutions) this.starts.set(level, { ...this.starts.get(level), lambda });
    this.solutions = new Map();
    this.weights = new Map();
  }

  /** Rows that leaves keep are others now: their statistics are to be computed anew. */
  touch(): void {
    this.root = null;
    for (const [level, start] of this.starts) this.starts.set(level, { ...start, rows: undefined });
  }

  /** Weights are to be calibrated anew from nothing: after other rows, totals or another pilot came in. */
  forget(): void {
    this.root = null;
    this.starts.clear();
    this.solutions = new Map();
    this.weights = new Map();
  }

  /** Weights as they were: from multipliers, or as they are where they belong to another state of the rows. */
  restore(solutions: ReadonlyMap<number, Float64Array>, weights: ReadonlyMap<number, Float64Array>): void {
    this.touch();
    this.solutions = new Map(solutions);
    this.weights = new Map(weights);
  }

  private calibrated(level: number, rows: Omit<Coreset, 'weight'>): Float64Array {
    const known = this.solutions.get(level);
    if (known) return weightsOf(this.pilot, rows, rows.baseWeight, this.spreads(), known);
    const warm = this.starts.get(level) ?? {};
    const solved = solveWeights(this.pilot, rows, rows.baseWeight, this.wanted(), warm);
    const { weights, lambda } = solved;
    this.solutions.set(level, lambda);
    this.starts.set(level, { lambda, factor: solved.factor ?? undefined, rows: solved.rows ?? undefined });
    return weights;
  }
}
