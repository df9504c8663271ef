import type { TreeNode } from './nodes.ts';

export type EditKind = 'updateTargets' | 'updateFeatures' | 'removeSamples' | 'filterOut';
/**
 * What follows an edit at once: `none` leaves weights as they are (nodes are marked dirty), `path` calibrates the root to
 * the edited totals, `all` draws every node above the leaves again from the edited rows too.
 */
export type Recalc = 'none' | 'path' | 'all';

/** What edits have made of a row; anything left out is as in the data version. */
export interface RowOverride {
  readonly y?: number;
  readonly x?: Float64Array;
  readonly isRemoved?: boolean;
}

/** A row a leaf keeps, as it was. */
export interface FormerRow {
  readonly leaf: number;
  readonly row: number;
  readonly y: number;
  /** null where the edit left the features alone. */
  readonly x: Float64Array | null;
  readonly rowWeight: number;
  readonly score: number;
  readonly key: number;
}

/** One part's sums in one leaf, as they were. */
export interface FormerTotals {
  readonly leaf: number;
  readonly part: number;
  /** Shape (nStatistics,). */
  readonly values: Float64Array;
}

/** An edit with what is needed to take it back to the last bit. */
export interface AppliedEdit {
  readonly kind: EditKind;
  readonly rowIds: readonly number[];
  readonly recalc: Recalc;
  readonly rows: readonly FormerRow[];
  readonly totals: readonly FormerTotals[];
  /** Rows covered by the leaves it touched, by ordinal. */
  readonly covered: readonly (readonly [number, number])[];
  /** undefined for a row that had no override. */
  readonly overrides: readonly (readonly [number, RowOverride | undefined])[];
  /** Nodes as they were; null when the edit kept them. */
  readonly nodes: ReadonlyMap<string, TreeNode> | null;
  readonly dirty: readonly string[];
  /** Weights as they were; null where they follow from the rest. */
  readonly weights: ReadonlyMap<number, Float64Array> | null;
}
