import type { Matrix } from '../../kernels/matrix.ts';
import type { Column } from '../../kernels/table.ts';
import type { Feature, TargetInfo } from '../../models/estimator.ts';

/** Rows as the quick models take them. */
export interface Frame {
  readonly nRows: number;
  readonly columns: readonly Column[];
  /** Shape (nRows, nColumns): numbers and codes, NaN where missing. */
  readonly X: Matrix;
  readonly features: readonly Feature[];
  readonly target: TargetInfo;
  /** Class index, or the rank of the value in [0, 1]: outliers must not decide. Shape (nRows,). */
  readonly y: Float64Array;
}

/** Classes told apart by the quick models; the rarer ones count as one. */
const MAX_CLASSES = 12;
/** Texts of which nearly every row has its own say nothing to a tree. */
const MAX_TEXT_LEVELS = 0.9;

/** `columns` that vary and `y` (values, or class codes) as a frame; null where there is nothing to learn. */
export function frameOf(columns: readonly Column[], y: Float64Array, isRegression: boolean): Frame | null {
  const nRows = y.length;
  const kept = columns.filter((column) => varies(column, nRows));
  if (kept.length === 0 || new Set(y).size < 2) return null;
  const data = new Float32Array(nRows * kept.length);
  kept.forEach((column, j) => {
    // Less the mean: seconds since 1970 do not fit float32.
    const offset = column.kind === 'number' ? meanOf(column.values) : 0;
    for (let i = 0; i < nRows; i++) {
      const value =
        column.kind === 'number' ? column.values[i]! - offset : column.codes[i]! < 0 ? NaN : column.codes[i]!;
      data[i * kept.length + j] = value;
    }
  });
  const features = kept.map((column): Feature => ({
    name: column.name,
    source: column.name,
    ...(column.kind === 'number' ? { kind: 'number' } : { kind: 'category', nLevels: column.levels.length }),
  }));
  const X = { data, nRows, nCols: kept.length };
  if (isRegression) return { nRows, columns: kept, X, features, target: { task: 'regression' }, y: ranks(y) };
  const classes = mergedClasses(y);
  const nClasses = new Set(classes).size;
  return { nRows, columns: kept, X, features, target: { task: 'multiclass', nClasses }, y: classes };
}

function varies(column: Column, nRows: number): boolean {
  if (column.kind === 'number') return new Set(column.values).size > 1;
  const nLevels = new Set(column.codes).size;
  return nLevels > 1 && nLevels < Math.max(3, MAX_TEXT_LEVELS * nRows);
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (const v of values) {
    if (Number.isNaN(v)) continue;
    sum += v;
    n++;
  }
  return n === 0 ? 0 : sum / n;
}

/** Ranks in [0, 1], ties at their mean. */
export function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) out[order[k]!] = (from + to - 1) / 2 / Math.max(1, order.length - 1);
    from = to;
  }
  return out;
}

/** Class indices from 0 on, the most frequent first. */
function mergedClasses(codes: Float64Array): Float64Array {
  const counts = new Map<number, number>();
  for (const c of codes) counts.set(c, (counts.get(c) ?? 0) + 1);
  const place = new Map(
    [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).map(([c], k) => [c, Math.min(k, MAX_CLASSES - 1)]),
  );
  return codes.map((c) => place.get(c)!);
}
