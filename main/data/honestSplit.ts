import type { ColumnProfile, Finding } from '../contract/data.ts';
import { createRng, permutation } from '../kernels/rng.ts';
import type { Table } from '../kernels/table.ts';
import { readTable } from './readTable.ts';
import type { TargetAnalysis } from './targets.ts';

/** Rows compared; the quick model is quadratic in them. */
const MAX_ROWS = 4000;
const N_NEIGHBOURS = 15;
/** How much better a random split may look before it is called dishonest (share of what there is to explain). */
const MAX_ADVANTAGE = 0.08;

/** A time column with fewer values than this share of the rows is coarse. */
const SHARE_OF_TIMES = 0.01;

/** A year of hourly rows, say, tells less than the order of the file, where that is the order of time too. */
const isCoarse = (values: Float64Array): boolean =>
  values.every((v, i) => i === 0 || v >= values[i - 1]!) && new Set(values).size < SHARE_OF_TIMES * values.length;

/**
 * Does a random split flatter? Nearest neighbours are scored on a random fifth and on the last fifth in file (or time)
 * order. Where neighbours in time are neighbours in the features, the random split lets the model peek.
 * Groups that repeat (customers, houses sold twice) are named too.
 */
export async function testSplitHonesty(
  file: string,
  profile: readonly ColumnProfile[],
  target: string,
  analysis: TargetAnalysis,
): Promise<Finding[]> {
  const features = profile.filter((p) => p.name !== target && p.nDistinct > 1);
  const numbers = features.filter((p) => p.type !== 'text').slice(0, 30);
  const time =
    features.find((p) => p.type === 'time') ??
    features.find((p) => /^(date|time|timestamp|datetime|year)$/i.test(p.name) && p.type !== 'text');
  const table = await readTable(file, [
    ...numbers.map(({ name }) => ({ name, as: 'number' as const })),
    { name: target, as: analysis.task === 'regression' ? ('number' as const) : ('category' as const) },
  ]);
  const columns = numbers.map(({ name }) => valuesOf(table, name));
  const times = time && { name: time.name, values: valuesOf(table, time.name) };
  return [...orderFindings(columns, targetOf(table, target), times, analysis), ...groupFindings(features, analysis)];
}

/**
 * The same question about columns that were read: numbers by row, the target's values or classes by row (NaN where
 * missing), and the column that tells the time, if any. At most one finding.
 */
export function orderFindings(
  columns: readonly Float64Array[],
  y: Float64Array,
  timeColumn: { readonly name: string; readonly values: Float64Array } | undefined,
  analysis: TargetAnalysis,
): Finding[] {
  const time = timeColumn && !isCoarse(timeColumn.values) ? timeColumn : undefined;
  if (y.length < 400 || columns.length === 0) return [];
  const inTime = orderBy(time?.values ?? null, y.length).filter((i) => Number.isFinite(y[i]!));
  const step = Math.max(1, Math.floor(inTime.length / MAX_ROWS));
  // Blocks of neighbouring rows, so that time dependence survives the thinning.
  const rows = step === 1 ? inTime : blocks(inTime, MAX_ROWS);
  const rng = createRng(1);
  const order = permutation(rows.length, rng);
  const fifth = Math.floor(rows.length / 5);
  const gap = Math.floor(rows.length / 50);
  const X = standardise(columns, rows);
  const random = score(X, y, rows, order.subarray(fifth), order.subarray(0, fifth), analysis);
  const all = Uint32Array.from(rows, (_, i) => i);
  // Five blocks, each predicted from rows at least a gap away: the mean over the whole time, not one odd season.
  const blocked = [0, 1, 2, 3, 4].map((k) => {
    const from = k * fifth;
    const to = from + fifth;
    return score(
      X,
      y,
      rows,
      all.filter((i) => i < from - gap || i >= to + gap),
      all.subarray(from, to),
      analysis,
    );
  });
  const inOrder = blocked.reduce((a, b) => a + b, 0) / blocked.length;
  const advantage = random - inOrder;
  const isSorted = !time && shareBetweenBlocks(y, rows) > 0.3;
  // A file sorted by its target is no time series: its last rows are all of one kind.
  if (advantage < MAX_ADVANTAGE || isSorted) return [];
  const by = time ? time.name : 'rowOrder';
  const measure = analysis.task === 'regression' ? 'variance explained' : 'accuracy';
  return [
    {
      code: 'SPLIT_DISHONEST',
      severity: 'warning',
      title: 'A random split would flatter the model',
      detail: `Rows near each other in ${time ? time.name : 'the file'} are alike: nearest neighbours reach ${percent(random)} ${measure} on a random fifth but ${percent(inOrder)} on blocks kept apart. Validate on the last rows instead.`,
      columns: time ? [time.name] : [],
      patch: { 'split.time': by },
      action: time ? `Split by ${time.name}` : 'Split by file order',
    },
  ];
}

const percent = (x: number): string => `${Math.round(100 * x)} %`;

/** Identifiers that come more than once: their rows should stay on one side. */
export function groupFindings(
  features: readonly Pick<ColumnProfile, 'name' | 'type' | 'nDistinct'>[],
  { nRows }: Pick<TargetAnalysis, 'nRows'>,
): Finding[] {
  const groups = features.filter((p) => {
    const isNamed = /(^|[_\W])(id|customer|user|patient|subject|session|account|household)$|ID$|^id$/i.test(p.name);
    return isNamed && p.nDistinct > Math.max(20, nRows / 1000) && p.nDistinct < 0.99 * nRows && p.type !== 'number';
  });
  return groups.slice(0, 1).map(({ name, nDistinct }) => ({
    code: 'GROUPS',
    severity: 'warning',
    title: `${name} repeats`,
    detail: `${nDistinct.toLocaleString('en')} values over ${nRows.toLocaleString('en')} rows. If rows of one ${name} are alike, keep them on one side of the split.`,
    columns: [name],
    patch: { 'split.group': name, 'data.drop': [name] },
    action: `Split by ${name}`,
  }));
}

/** Share of the target's variance that lies between ten blocks of rows in file order. */
function shareBetweenBlocks(y: Float64Array, rows: Uint32Array): number {
  const mean = rows.reduce((s, i) => s + y[i]!, 0) / rows.length;
  const total = rows.reduce((s, i) => s + (y[i]! - mean) ** 2, 0);
  const size = Math.ceil(rows.length / 10);
  let between = 0;
  for (let from = 0; from < rows.length; from += size) {
    const block = rows.subarray(from, from + size);
    between += block.length * (block.reduce((s, i) => s + y[i]!, 0) / block.length - mean) ** 2;
  }
  return between / (total || 1);
}

function valuesOf(table: Table, name: string): Float64Array {
  const column = table.columns.find((c) => c.name === name);
  return column?.kind === 'number' ? column.values : new Float64Array(table.nRows);
}

function targetOf(table: Table, name: string): Float64Array {
  const column = table.columns.find((c) => c.name === name);
  if (column?.kind === 'number') return column.values;
  return Float64Array.from(column?.codes ?? [], (code) => (code < 0 ? NaN : code));
}

function orderBy(time: Float64Array | null, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  return time ? order.sort((a, b) => time[a]! - time[b]! || a - b) : order;
}

function blocks(order: Uint32Array, n: number): Uint32Array {
  const nBlocks = 20;
  const size = Math.floor(n / nBlocks);
  const out: number[] = [];
  for (let b = 0; b < nBlocks; b++) {
    const from = Math.floor((b * (order.length - size)) / (nBlocks - 1));
    out.push(...order.subarray(from, from + size));
  }
  return Uint32Array.from(out);
}

/** Standardised features of `rows`, row-major; missing is the mean. */
function standardise(columns: readonly Float64Array[], rows: Uint32Array): Float64Array[] {
  const X = Array.from(rows, () => new Float64Array(columns.length));
  columns.forEach((values, j) => {
    const present = Array.from(rows, (i) => values[i]!).filter(Number.isFinite);
    const mean = present.reduce((a, b) => a + b, 0) / Math.max(1, present.length);
    const sd = Math.sqrt(present.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, present.length)) || 1;
    rows.forEach((i, k) => {
      X[k]![j] = Number.isFinite(values[i]!) ? (values[i]! - mean) / sd : 0;
    });
  });
  return X;
}

/** Accuracy (classes) or R² (regression) of k nearest neighbours. */
function score(
  X: readonly Float64Array[],
  y: Float64Array,
  rows: Uint32Array,
  train: Uint32Array,
  test: Uint32Array,
  { task }: TargetAnalysis,
): number {
  // At most 500 test rows: the answer needs two digits.
  const every = Math.max(1, Math.floor(test.length / 500));
  let squares = 0;
  let spread = 0;
  let correct = 0;
  let n = 0;
  const mean = train.reduce((s, i) => s + y[rows[i]!]!, 0) / train.length;
  for (let t = 0; t < test.length; t += every) {
    const i = test[t]!;
    const nearest = neighbours(X, X[i]!, train).map((k) => y[rows[k]!]!);
    const actual = y[rows[i]!]!;
    n++;
    if (task === 'regression') {
      squares += (actual - nearest.reduce((a, b) => a + b, 0) / nearest.length) ** 2;
      spread += (actual - mean) ** 2;
    } else if (mode(nearest) === actual) correct++;
  }
  return task === 'regression' ? Math.max(-1, 1 - squares / (spread || 1)) : correct / n;
}

function neighbours(X: readonly Float64Array[], x: Float64Array, train: Uint32Array): number[] {
  const best: { k: number; d: number }[] = [];
  let worst = Infinity;
  for (const k of train) {
    const other = X[k]!;
    let d = 0;
    for (let j = 0; j < x.length && d < worst; j++) d += (x[j]! - other[j]!) ** 2;
    if (d >= worst) continue;
    best.push({ k, d });
    if (best.length > N_NEIGHBOURS) {
      best.sort((a, b) => a.d - b.d);
      best.pop();
      worst = best.at(-1)!.d;
    }
  }
  return best.map(({ k }) => k);
}

function mode(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}
