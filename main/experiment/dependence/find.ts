import { countRows } from '../../data/readTable.ts';
import { versionColumns } from '../../data/versionFile.ts';
import { confirmed } from './confirmed.ts';
import { findOrders, type FoundOrder } from './findOrders.ts';
import { groupEvidence, type GroupEvidence } from './groups.ts';
import { groupCandidates, numberCandidates, stretchesOf, wholeLevels, type GroupCandidate } from './levels.ts';
import { copiesEvidence, type CopiesEvidence } from './nearCopies.ts';
import { pairCandidates } from './pairs.ts';
import { readSample, rowsWithTarget, type SampleTarget } from './sample.ts';

export interface FoundGroup extends GroupCandidate {
  readonly evidence: GroupEvidence;
  /** The levels come again and again in long stretches of the file, as months do: the order tells more. */
  readonly isCycle: boolean;
}

export interface Dependence {
  /** Columns whose levels were looked into, the strongest dependence first. */
  readonly groups: readonly FoundGroup[];
  readonly orders: readonly FoundOrder[];
  /** Looked for where neither of them tells anything. */
  readonly copies: CopiesEvidence | null;
}

/** Rows and columns of a sample; rows are fewer where columns are many. */
const MAX_ROWS = 3000;
const MIN_ROWS = 1500;
const MAX_COLUMNS = 50;
const MAX_CELLS = 90_000;
/** Tables below this tell too little. */
const LEAST_ROWS = 100;
/** Columns whose levels are looked into. */
const MAX_CANDIDATES = 4;
/** Of numbers with fractions, and of pairs of columns. */
const MAX_UNLIKELY = 2;
/** They are not looked for in larger tables: counting them takes seconds. */
const MAX_COUNTED_ROWS = 300_000;

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
  if (nRows < LEAST_ROWS) return { groups: [], orders: [], copies: null };
  const columns = (await versionColumns(file)).filter(({ name }) => name !== target.name);
  const used = spread(
    columns.filter(({ name }) => !leftOut.includes(name)),
    MAX_COLUMNS,
  );
  const most = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.floor(MAX_CELLS / Math.max(1, used.length))));
  const groups: FoundGroup[] = [];
  const lookInto = async (candidates: readonly GroupCandidate[]) => {
    for (const candidate of candidates) {
      const others = used.filter(({ name }) => !candidate.columns.includes(name));
      const rows = wholeLevels(from, candidate, most);
      const { columns: read, y, keys } = await readSample(rows, others, target, candidate.key);
      const evidence = await confirmed((seed) =>
        groupEvidence(read, y, target.isRegression, keys.codes, keys.values, seed, candidate.form),
      );
      if (evidence === null) continue;
      groups.push({ ...candidate, evidence, isCycle: evidence.kind !== null && (await isCycle(from, candidate)) });
    }
  };
  await lookInto((await groupCandidates(from, columns, nRows)).slice(0, MAX_CANDIDATES));
  // Rows of a group lie together in many files: their order tells nothing that the group does not.
  const isGrouped = groups.some(({ evidence, isCycle: comesAgain }) => evidence.kind && !comesAgain);
  const orders = isGrouped ? [] : await findOrders({ from, columns, used, nRows, most, target });
  const isTold = () => [...groups, ...orders].some(({ evidence }) => evidence.isAlarm);
  // What is less likely to be a key is looked into where nothing else tells anything.
  for (const unlikely of [numberCandidates, pairCandidates])
    if (!isTold() && nRows <= MAX_COUNTED_ROWS)
      await lookInto((await unlikely(from, columns, nRows)).slice(0, MAX_UNLIKELY));
  groups.sort((a, b) => strength(b) - strength(a));
  if (isTold() || nRows > most) return { groups, orders, copies: null };
  const { columns: read, y } = await readSample(from, used, target, null);
  const copies = await confirmed((seed) => copiesEvidence(read, y, target.isRegression, seed));
  return { groups, orders, copies };
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

/** At most `most` of a list, evenly spread over it. */
const spread = <T>(list: readonly T[], most: number): T[] =>
  list.length <= most ? [...list] : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]!);
