import { identifier } from '../../data/duck.ts';
import { confirmed } from './confirmed.ts';
import { orderEvidence, type OrderEvidence } from './order.ts';
import { readSample, type NamedColumn, type SampleTarget } from './sample.ts';
import { inSequence, nextAgrees, sequencesOf } from './sequences.ts';

export interface FoundOrder {
  /** Column of times or of running numbers that orders the rows; null for the order of the file. */
  readonly by: string | null;
  readonly evidence: OrderEvidence;
}

/** What an order is looked for in. */
interface Looked {
  /** SQL of the rows, see `rowsWithTarget`. */
  readonly from: string;
  readonly columns: readonly NamedColumn[];
  /** Columns that are learned from. */
  readonly used: readonly NamedColumn[];
  readonly nRows: number;
  /** Rows of a sample. */
  readonly most: number;
  readonly target: SampleTarget;
}

/** A block of the order holds 20 rows. */
const LEAST_ORDERED = 300;
/** Stretches of contiguous rows that stand for a large file. */
const N_STRETCHES = 30;

/** The order of the file, of a column of times, of running numbers: each looked into where those before tell nothing. */
export async function findOrders(looked: Looked): Promise<FoundOrder[]> {
  const { from, columns, used, nRows, most, target } = looked;
  if (nRows < LEAST_ORDERED) return [];
  const orders: FoundOrder[] = [];
  const time = columns.find(({ type }) => type === 'time');
  const inFile = await orderOf(from, null, nRows, most, withColumn(used, time), target);
  const by = inFile.inOrderOf;
  if (inFile.evidence) orders.push({ by, evidence: inFile.evidence });
  if (time && by === null && !inFile.isInOrder) {
    const inTime = await orderOf(from, time.name, nRows, most, used, target);
    if (inTime.evidence) orders.push({ by: time.name, evidence: inTime.evidence });
  }
  return orders.some(({ evidence }) => evidence.isAlarm) ? orders : [...orders, ...(await sequenceOrders(looked))];
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

/** Answers of the next row are at least this much alike where an order is looked into. */
const MIN_AGREEMENT = 0.2;

async function sequenceOrders({ from, columns, used, nRows, most, target }: Looked): Promise<FoundOrder[]> {
  const found: FoundOrder[] = [];
  for (const sequence of await sequencesOf(from, columns, nRows)) {
    const rows = inSequence(from, sequence, N_STRETCHES, most);
    const { columns: read, y } = await readSample(rows, used, target, null);
    if (nextAgrees(y, target.isRegression) < MIN_AGREEMENT) continue;
    const evidence = await confirmed((seed) => orderEvidence(read, y, target.isRegression, seed));
    if (evidence) found.push({ by: sequence.name, evidence });
  }
  return found;
}

/** Times of fewer values than this share of the rows are coarse. */
const SHARE_OF_TIMES = 0.01;

const isAscending = (values: Float64Array): boolean => values.every((v, i) => i === 0 || v >= values[i - 1]!);

const withColumn = (columns: readonly NamedColumn[], column: NamedColumn | undefined): readonly NamedColumn[] =>
  column === undefined || columns.includes(column) ? columns : [...columns, column];
