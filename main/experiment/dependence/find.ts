import { identifier } from '../../data/duck.ts';
import { countRows } from '../../data/readTable.ts';
import { versionColumns } from '../../data/versionFile.ts';
import { groupEvidence, type GroupEvidence } from './groups.ts';
import { groupCandidates, stretchesOf, wholeLevels, type GroupCandidate } from './levels.ts';
import { orderEvidence, type OrderEvidence } from './order.ts';
import { readSample, rowsWithTarget, type NamedColumn, type SampleTarget } from './sample.ts';

export interface FoundGroup extends GroupCandidate {
  readonly evidence: GroupEvidence;
  /** The levels come again and again in long stretches of the file, as months do: the order tells more. */
  readonly isCycle: boolean;
}

export interface FoundOrder {
  /** Column of times that orders the rows; null for the order of the file. */
  readonly by: string | null;
  readonly evidence: OrderEvidence;
}

export interface Dependence {
  /** Columns whose levels were looked into, the strongest dependence first. */
  readonly groups: readonly FoundGroup[];
  readonly orders: readonly FoundOrder[];
}

/** Rows and columns of a sample; rows are fewer where columns are many. */
const MAX_ROWS = 3000;
const MIN_ROWS = 1500;
const MAX_COLUMNS = 50;
const MAX_CELLS = 90_000;
/** Tables below this tell too little. */
const LEAST_ROWS = 100;
/** A block of the order holds 20 rows. */
const LEAST_ORDERED = 300;
/** Columns whose levels are looked into. */
const MAX_CANDIDATES = 4;
/** Stretches of contiguous rows that stand for a large file. */
const N_STRETCHES = 30;
const SEED = 1;

/**
 * Do rows of a version depend on each other, by the levels of a column or by their order? Looked for on samples, with the
 * columns of `leftOut` named but not learned from. Takes a second or two, whatever the table.
 * @param locked see `rowsWithTarget`
 */
export async function findDependence(
  file: string,
  target: SampleTarget,
  leftOut: readonly string[] = [],
  locked: string | null = null,
): Promise<Dependence> {
  const from = rowsWithTarget(file, target, locked);
  const nRows = await countRows(file);
  if (nRows < LEAST_ROWS) return { groups: [], orders: [] };
  const columns = (await versionColumns(file)).filter(({ name }) => name !== target.name);
  const used = spread(
    columns.filter(({ name }) => !leftOut.includes(name)),
    MAX_COLUMNS,
  );
  const most = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.floor(MAX_CELLS / Math.max(1, used.length))));
  const groups: FoundGroup[] = [];
  for (const candidate of (await groupCandidates(from, columns, nRows)).slice(0, MAX_CANDIDATES)) {
    const others = used.filter(({ name }) => name !== candidate.column);
    const {
      columns: read,
      y,
      keys,
    } = await readSample(wholeLevels(from, candidate, most), others, target, candidate.key);
    const evidence = await confirmed((seed) =>
      groupEvidence(read, y, target.isRegression, keys.codes, keys.values, seed),
    );
    if (evidence === null) continue;
    groups.push({ ...candidate, evidence, isCycle: evidence.kind !== null && (await isCycle(from, candidate)) });
  }
  groups.sort((a, b) => strength(b) - strength(a));
  const orders: FoundOrder[] = [];
  // Rows of a group lie together in many files: their order tells nothing that the group does not.
  if (nRows >= LEAST_ORDERED && !groups.some(({ evidence, isCycle: comesAgain }) => evidence.kind && !comesAgain)) {
    const time = columns.find(({ type }) => type === 'time');
    const inFile = await orderOf(from, null, nRows, most, withColumn(used, time), target);
    const by = inFile?.inOrderOf ?? null;
    if (inFile?.evidence) orders.push({ by, evidence: inFile.evidence });
    if (time && by === null && inFile?.isInOrder !== true) {
      const inTime = await orderOf(from, time.name, nRows, most, used, target);
      if (inTime.evidence) orders.push({ by: time.name, evidence: inTime.evidence });
    }
  }
  return { groups, orders };
}

const strength = ({ evidence: { kind, gap, intraclass }, isCycle: comesAgain }: FoundGroup): number =>
  kind === null ? -1 : (comesAgain ? 0 : 20) + (kind === 'copies' ? 10 + gap : intraclass);

/** Rows in a stretch, and stretches of a level, from which on a column counts as one that comes again. */
const LONG_STRETCH = 10;
const AGAIN = 2;

async function isCycle(from: string, { key, nLevels }: GroupCandidate): Promise<boolean> {
  const { nStretches, nRows } = await stretchesOf(from, key);
  return nStretches >= AGAIN * nLevels && nRows >= LONG_STRETCH * nStretches;
}

/** What raises an alarm has to do so again with other folds and forests: few trees and folds vary. */
async function confirmed<T extends { readonly isAlarm: boolean }>(
  look: (seed: number) => Promise<T | null>,
): Promise<T | null> {
  const first = await look(SEED);
  return first?.isAlarm ? look(SEED + 1) : first;
}

/** @param by column of times to order by; null for the order of the file */
async function orderOf(
  from: string,
  by: string | null,
  nRows: number,
  most: number,
  columns: readonly NamedColumn[],
  target: SampleTarget,
): Promise<{ evidence: OrderEvidence | null; isInOrder: boolean; inOrderOf: string | null }> {
  const every = Math.max(1, Math.floor(nRows / N_STRETCHES));
  const length = Math.ceil(most / N_STRETCHES);
  const taken = (place: string) => (nRows <= most ? '' : `WHERE ${place} % ${every} < ${length}`);
  const inTime = () => `(SELECT * EXCLUDE (file_row_number, place), place AS file_row_number FROM
    (SELECT *, row_number() OVER (ORDER BY ${identifier(by!)}, file_row_number) AS place FROM ${from}
     WHERE ${identifier(by!)} IS NOT NULL) ${taken('place')})`;
  const rows = by === null ? `(SELECT * FROM ${from} ${taken('file_row_number')})` : inTime();
  const { columns: read, y } = await readSample(rows, columns, target, null);
  const time = columns.find(({ type }) => type === 'time')?.name;
  const times = read.find((column) => column.name === time);
  const isInOrder = times?.kind === 'number' && isAscending(times.values);
  // A year of hourly rows, say, tells less than the order of the file.
  const isFine = isInOrder && times?.kind === 'number' && new Set(times.values).size >= SHARE_OF_TIMES * y.length;
  const evidence = await confirmed((seed) => orderEvidence(read, y, target.isRegression, seed));
  return { evidence, isInOrder, inOrderOf: isFine ? time! : null };
}

/** Times of fewer values than this share of the rows are coarse. */
const SHARE_OF_TIMES = 0.01;

const isAscending = (values: Float64Array): boolean => values.every((v, i) => i === 0 || v >= values[i - 1]!);

const withColumn = (columns: NamedColumn[], column: NamedColumn | undefined): NamedColumn[] =>
  column === undefined || columns.includes(column) ? columns : [...columns, column];

/** At most `most` of a list, evenly spread over it. */
const spread = <T>(list: readonly T[], most: number): T[] =>
  list.length <= most ? [...list] : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]!);
