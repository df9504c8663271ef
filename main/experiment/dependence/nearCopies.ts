import { createRng, permutation, type Rng } from '../../kernels/rng.ts';
import type { Column } from '../../kernels/table.ts';
import { pointsOf, type Points } from './distances.ts';
import { frameOf, type Frame } from './frame.ts';
import { randomFolds } from './groups.ts';
import { crossPredict, gapBetween, N_FOLDS } from './quickModel.ts';

/** Rows that come in near-copies although no column says which. */
export interface CopiesEvidence {
  /** Clusters of rows that are near-copies, rows without one included. */
  readonly nClusters: number;
  readonly gap: number;
  readonly z: number;
  /** Accuracy, or variance of ranks explained, on random rows and on clusters not seen. */
  readonly randomScore: number;
  readonly clusterScore: number;
  readonly isAlarm: boolean;
}

/** Rows whose nearest other row is looked for, and the share of them that has to be a near-copy. */
const ASKED = 200;
const MIN_SHARE = 0.5;
/** A near-copy is this much closer than the nearest row of a table whose columns were shuffled one by one. */
const NEAR = 0.5;
/**
 * Around copies there is a hole: as many rows between a distance and 1.5 times it as this, of those within. Rows evenly on a
 * line have 0.5, on a surface 1.25; the least of 47 sets and their samples was 0.43.
 */
const MAX_IN_HOLE = 0.3;
const HOLE = 1.5;
/** Distances at which a hole is looked for, as multiples of that of a near-copy. */
const SCALES = [0.5, 0.6, 0.7, 0.85, 1, 1.2, 1.4, 1.7, 2];
/** A cluster of more rows than this share is a cloud, not copies. */
const MAX_CLUSTER = 0.1;
const MIN_GAP = 0.05;
const MIN_Z = 3;

/**
 * Do the rows come in clusters of near-copies that a random split tears apart? Quick forests are scored on clusters they have
 * not seen and on random rows. Null where rows are no closer than their columns make them. Rows equal in all columns count
 * once: duplicates are told elsewhere.
 * @param columns of all rows: a sample would tear clusters apart
 */
export async function copiesEvidence(
  columns: readonly Column[],
  y: Float64Array,
  isRegression: boolean,
  seed: number,
): Promise<CopiesEvidence | null> {
  const kept = distinctRows(columns, y);
  const frame = frameOf(
    columns.filter((column) => !numbersRows(column)).map((column) => rowsOf(column, kept)),
    Float64Array.from(kept, (i) => y[i]!),
    isRegression,
  );
  if (frame === null || frame.nRows < ASKED) return null;
  const rng = createRng(seed).fork('copies');
  const points = pointsOf(frame);
  const asked = permutation(frame.nRows, rng).slice(0, ASKED);
  const limit = NEAR ** 2 * median(nearest(pointsOf(columnsShuffled(frame, rng)), asked, frame.nRows));
  const near = nearest(points, asked, frame.nRows);
  if (near.filter((d) => d < limit).length < MIN_SHARE * ASKED) return null;
  const edge = holeAround(points, asked, frame.nRows, limit);
  if (edge === null) return null;
  const clusterOf = clusters(points, frame.nRows, edge);
  const sizes = new Map<number, number>();
  for (const c of clusterOf) sizes.set(c, (sizes.get(c) ?? 0) + 1);
  if (Math.max(...sizes.values()) > MAX_CLUSTER * frame.nRows) return null;
  const foldOf = new Map(Array.from(permutation(sizes.size, rng), (c, i) => [[...sizes.keys()][c]!, i % N_FOLDS]));
  const apart = await crossPredict(
    frame,
    Uint8Array.from(clusterOf, (c) => foldOf.get(c)!),
    seed,
  );
  const random = await crossPredict(frame, randomFolds(frame.nRows, rng), seed);
  if (apart === null || random === null) return null;
  const { gap, z } = gapBetween(apart, random, clusterOf);
  const isAlarm = gap >= MIN_GAP && z >= MIN_Z;
  return { nClusters: sizes.size, gap, z, randomScore: random.score, clusterScore: apart.score, isAlarm };
}

/** The first of the rows that are equal in all columns and the target. */
function distinctRows(columns: readonly Column[], y: Float64Array): Uint32Array {
  const seen = new Set<string>();
  return Uint32Array.from(y.keys()).filter((i) => {
    const row = columns.map((c) => (c.kind === 'number' ? c.values[i] : c.codes[i])).join() + `,${y[i]}`;
    return !seen.has(row) && seen.add(row) !== undefined;
  });
}

/** Whole numbers of which (nearly) every row has its own name rows: how far they are apart says nothing. */
function numbersRows(column: Column): boolean {
  if (column.kind !== 'number') return false;
  const { values } = column;
  return values.every((v) => Number.isInteger(v)) && new Set(values).size > 0.95 * values.length;
}

const rowsOf = (column: Column, rows: Uint32Array): Column =>
  column.kind === 'number'
    ? { ...column, values: Float64Array.from(rows, (i) => column.values[i]!) }
    : { ...column, codes: Int32Array.from(rows, (i) => column.codes[i]!) };

/** Every column in an order of its own: rows as close as chance lets them be. */
function columnsShuffled({ X, columns, ...frame }: Frame, rng: Rng): Frame {
  const orders = columns.map(() => permutation(frame.nRows, rng));
  const data = X.data.map((_, p) => X.data[orders[p % X.nCols]![Math.floor(p / X.nCols)]! * X.nCols + (p % X.nCols)]!);
  return { ...frame, X: { ...X, data }, columns: columns.map((column, j) => rowsOf(column, orders[j]!)) };
}

/** Squared distance of each row asked to its nearest other row. */
function nearest(points: Points, asked: Uint32Array, nRows: number): number[] {
  return Array.from(asked, (i) => {
    let least = Infinity;
    for (let k = 0; k < nRows; k++) if (k !== i) least = Math.min(least, points.squared(i, k));
    return least;
  });
}

/** The squared distance, near `limit`, beyond which the fewest rows follow for those within; null where no hole is found. */
function holeAround(points: Points, asked: Uint32Array, nRows: number, limit: number): number | null {
  const edges = SCALES.map((scale) => limit * scale ** 2);
  const within = edges.map(() => 0);
  const beyond = edges.map(() => 0);
  for (const i of asked)
    for (let k = 0; k < nRows; k++) {
      if (k === i) continue;
      const d = points.squared(i, k);
      edges.forEach((edge, e) => {
        if (d < edge) within[e]!++;
        else if (d < edge * HOLE ** 2) beyond[e]!++;
      });
    }
  const shares = edges.map((_, e) => (within[e]! < MIN_SHARE * asked.length ? Infinity : beyond[e]! / within[e]!));
  const least = Math.min(...shares);
  return least <= MAX_IN_HOLE ? edges[shares.indexOf(least)]! : null;
}

/** Connected components of rows closer than `limit` (squared), by union and find. */
function clusters(points: Points, nRows: number, limit: number): Uint32Array {
  const parent = Uint32Array.from({ length: nRows }, (_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  for (let a = 1; a < nRows; a++)
    for (let b = 0; b < a; b++) if (points.squared(a, b) < limit) parent[root(a)] = root(b);
  return parent.map((_, i) => root(i));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
