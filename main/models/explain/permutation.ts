import { shuffle, type Rng } from '../../kernels/rng.ts';
import type { Column, Table } from '../../kernels/table.ts';
import type { TaskContext } from '../../kernels/task.ts';

export interface Importance {
  readonly feature: string;
  readonly value: number;
  /** 95 % interval over repeats (Student's t). */
  readonly low?: number;
  readonly high?: number;
}

/**
 * How much worse the score gets when a column is shuffled (Breiman 2001), largest first.
 * @param score larger is better, of the table as it is handed over
 */
export async function permutationImportance(
  table: Table,
  columns: readonly string[],
  score: (table: Table) => Promise<number>,
  options: { readonly nRepeats: number; readonly rng: Rng; readonly task: TaskContext },
): Promise<Importance[]> {
  const { nRepeats, rng, task } = options;
  const base = await score(table);
  const out: Importance[] = [];
  for (const [at, name] of columns.entries()) {
    const drops: number[] = [];
    for (let repeat = 0; repeat < nRepeats; repeat++) {
      const order = shuffle(
        Array.from({ length: table.nRows }, (_, i) => i),
        rng.fork(`${name} ${repeat}`),
      );
      const shuffled = table.columns.map((column) => (column.name === name ? reorder(column, order) : column));
      drops.push(base - (await score({ nRows: table.nRows, columns: shuffled })));
      await task.yield();
      task.signal.throwIfAborted();
    }
    out.push({ feature: name, ...interval(drops) });
    task.report({ fraction: (at + 1) / columns.length, step: `Shuffling ${name}` });
  }
  return out.toSorted((a, b) => b.value - a.value);
}

function reorder(column: Column, order: readonly number[]): Column {
  if (column.kind === 'number') return { ...column, values: Float64Array.from(order, (i) => column.values[i]!) };
  return { ...column, codes: Int32Array.from(order, (i) => column.codes[i]!) };
}

/** Two-sided 97.5 % quantiles of Student's t for 1 … 30 degrees of freedom. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

function interval(values: readonly number[]): { value: number; low?: number; high?: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { value: mean };
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  const half = (T[n - 2] ?? 1.96) * Math.sqrt(variance / n);
  return { value: mean, low: mean - half, high: mean + half };
}
