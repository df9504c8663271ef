import { permutation, type Rng } from '../../kernels/rng.ts';
import { columnOf, takeTableRows, type Column, type Table } from '../../kernels/table.ts';
import type { TaskContext } from '../../kernels/task.ts';

export interface PartialDependence {
  readonly x: readonly (number | string)[];
  readonly mean: readonly number[];
  /** One curve for each of a few dozen rows (individual conditional expectation). */
  readonly ice: readonly (readonly number[])[];
  /** 10 %, 20 % … 90 % quantiles, for number columns. */
  readonly deciles?: readonly number[];
  readonly nRows: number;
}

export interface PartialDependenceOptions {
  readonly nRows: number;
  readonly nGrid: number;
  readonly nIce: number;
  readonly rng: Rng;
  readonly task: TaskContext;
}

/**
 * Mean prediction with one column set to each value of a grid (Friedman 2001): quantiles of a number column between
 * 1 % and 99 %, or the commonest levels.
 */
export async function partialDependence(
  table: Table,
  name: string,
  predict: (table: Table) => Promise<Float64Array>,
  options: PartialDependenceOptions,
): Promise<PartialDependence> {
  const rows = permutation(table.nRows, options.rng.fork('rows')).subarray(0, options.nRows);
  const part = takeTableRows(table, rows);
  const column = columnOf(table, name);
  const grid =
    column.kind === 'number' ? numberGrid(column.values, options.nGrid) : levelGrid(column.codes, options.nGrid);
  const nIce = Math.min(options.nIce, part.nRows);
  const mean: number[] = [];
  const ice: number[][] = Array.from({ length: nIce }, () => []);
  for (const [at, value] of grid.entries()) {
    const columns = part.columns.map((c) => (c.name === name ? constant(c, value, part.nRows) : c));
    const predicted = await predict({ nRows: part.nRows, columns });
    mean.push(predicted.reduce((a, b) => a + b, 0) / predicted.length);
    for (let i = 0; i < nIce; i++) ice[i]!.push(predicted[i]!);
    await options.task.yield();
    options.task.signal.throwIfAborted();
    options.task.report({ fraction: (at + 1) / grid.length, step: `Varying ${name}` });
  }
  const x = column.kind === 'number' ? grid : grid.map((code) => column.levels[code] ?? '');
  const deciles =
    column.kind === 'number'
      ? quantiles(
          column.values,
          Array.from({ length: 9 }, (_, i) => (i + 1) / 10),
        )
      : undefined;
  return { x, mean, ice, nRows: part.nRows, ...(deciles && { deciles }) };
}

function constant(column: Column, value: number, n: number): Column {
  if (column.kind === 'number') return { ...column, values: new Float64Array(n).fill(value) };
  return { ...column, codes: new Int32Array(n).fill(value) };
}

function numberGrid(values: Float64Array, nGrid: number): number[] {
  const distinct = [...new Set(values)].filter((v) => !Number.isNaN(v)).toSorted((a, b) => a - b);
  if (distinct.length <= nGrid) return distinct;
  const shares = Array.from({ length: nGrid }, (_, i) => 0.01 + (0.98 * i) / (nGrid - 1));
  return [...new Set(quantiles(values, shares))];
}

function levelGrid(codes: Int32Array, nGrid: number): number[] {
  const counts = new Map<number, number>();
  for (const code of codes) if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, nGrid)
    .map(([code]) => code);
}

function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  return shares.map((p) => {
    const at = p * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
  });
}
