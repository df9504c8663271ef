import type { BinnedRows } from '../../../kernels/trees/binning.ts';
import type { ForestTree } from '../../../kernels/trees/forest.ts';
import type { Arena } from '../../../kernels/wasm/arena.ts';
import type { TargetInfo } from '../../estimator.ts';

/** Collects what trees say about rows they were not grown on. */
export class OutOfBag {
  private readonly y: Float64Array;
  private readonly target: TargetInfo;
  private readonly nOut: number;
  private readonly data: BinnedRows;
  private readonly bins: Uint8Array;
  private readonly sums: Float64Array;
  private readonly counts: Uint32Array;

  constructor(y: Float64Array, target: TargetInfo, nClasses: number, data: BinnedRows, arena: Arena) {
    this.y = y;
    this.target = target;
    this.nOut = Math.max(1, nClasses);
    this.data = data;
    this.bins = arena.u8(data.byRow, data.n * data.stride);
    this.sums = new Float64Array(data.n * this.nOut);
    this.counts = new Uint32Array(data.n);
  }

  /** @param inBag rows the tree saw */
  add(tree: ForestTree, inBag: Uint32Array): void {
    const { data, nOut } = this;
    const seen = new Uint8Array(data.n);
    for (const row of inBag) seen[row] = 1;
    for (let row = 0; row < data.n; row++) {
      if (seen[row]) continue;
      const leaf = this.leafOf(tree, row * data.stride);
      for (let k = 0; k < nOut; k++) this.sums[row * nOut + k]! += tree.value[leaf * nOut + k]!;
      this.counts[row]!++;
    }
  }

  /** Weighted accuracy, or R² for regression, over the rows that some tree did not see; NaN when there is none. */
  score(weights: Float64Array, rows: Uint32Array): number {
    const known = [...rows.keys()].filter((i) => this.counts[rows[i]!]! > 0);
    const total = known.reduce((sum, i) => sum + weights[i]!, 0);
    if (this.target.task !== 'regression') {
      const right = known.reduce((sum, i) => sum + (this.classOf(rows[i]!) === this.y[rows[i]!] ? weights[i]! : 0), 0);
      return right / total;
    }
    const mean = known.reduce((sum, i) => sum + weights[i]! * this.y[rows[i]!]!, 0) / total;
    let residual = 0;
    let variance = 0;
    for (const i of known) {
      const row = rows[i]!;
      residual += weights[i]! * (this.y[row]! - this.sums[row]! / this.counts[row]!) ** 2;
      variance += weights[i]! * (this.y[row]! - mean) ** 2;
    }
    return 1 - residual / variance;
  }

  private classOf(row: number): number {
    const { nOut, sums } = this;
    if (nOut === 1) return Number(sums[row]! / this.counts[row]! > 0.5);
    let best = 0;
    for (let k = 1; k < nOut; k++) if (sums[row * nOut + k]! > sums[row * nOut + best]!) best = k;
    return best;
  }

  private leafOf(tree: ForestTree, at: number): number {
    let node = 0;
    for (let f = tree.feature[0]!; f >= 0; f = tree.feature[node]!) {
      const bin = this.bins[at + f]!;
      const threshold = tree.bin[node]!;
      const isCategory = threshold < 0;
      const isInSet = isCategory && ((tree.bits[32 * node + (bin >> 3)]! >> (bin & 7)) & 1) === 1;
      const isBelow = bin === 255 ? tree.missingLeft[node] === 1 : bin <= threshold;
      node = (isCategory ? isInSet : isBelow) ? tree.left[node]! : tree.right[node]!;
    }
    return node;
  }
}
