import { createRng, permutation } from '../../kernels/rng.ts';
import type { Column } from '../../kernels/table.ts';
import { adjacentCloseness, pointsOf } from './distances.ts';
import { frameOf } from './frame.ts';
import { randomFolds } from './groups.ts';
import { crossPredict, gapBetween, N_FOLDS } from './quickModel.ts';

/** What rows near each other in an order have in common. */
export interface OrderEvidence {
  /** How much closer a row is to the next than to one at random. */
  readonly closeness: number;
  /** How much more a model errs on stretches it has not seen than on random rows; NaN where rows are not close. */
  readonly gap: number;
  readonly z: number;
  readonly rankZ: number;
  readonly randomScore: number;
  readonly blockScore: number;
  readonly isAlarm: boolean;
}

/** Measured on 7 sets in order of time, 11 sorted by group, 10 shuffled: 6, 10 and 0 are found. */
const N_BLOCKS = 15;
const MIN_CLOSENESS = 0.3;
const MIN_GAP = 0.05;
const MIN_Z = 2.4;
/** A file sorted by its target (so many steps go one way) tells nothing about time. */
const MAX_SORTED = 0.95;

/**
 * Does the order of the rows given matter? Quick forests are scored on contiguous blocks, formed within each class so that a
 * file sorted by class is no series, and on random rows.
 */
export async function orderEvidence(
  columns: readonly Column[],
  y: Float64Array,
  isRegression: boolean,
  seed: number,
): Promise<OrderEvidence | null> {
  const frame = frameOf(columns, y, isRegression);
  if (frame === null || (isRegression && isSorted(frame.y))) return null;
  const rng = createRng(seed).fork('order');
  const strata = isRegression ? [Uint32Array.from(frame.y.keys())] : byClass(frame.y);
  const closeness = adjacentCloseness(pointsOf(frame), strata, rng);
  const none = { closeness, gap: NaN, z: NaN, rankZ: NaN, randomScore: NaN, blockScore: NaN, isAlarm: false };
  if (closeness < MIN_CLOSENESS) return none;
  const blockOf = new Uint8Array(frame.nRows);
  for (const order of strata) order.forEach((row, k) => (blockOf[row] = Math.floor((k * N_BLOCKS) / order.length)));
  const foldOfBlock = Uint8Array.from(permutation(N_BLOCKS, rng), (place) => place % N_FOLDS);
  const apart = await crossPredict(
    frame,
    Uint8Array.from(blockOf, (b) => foldOfBlock[b]!),
    seed,
  );
  const random = await crossPredict(frame, randomFolds(frame.nRows, rng), seed);
  if (apart === null || random === null) return none;
  const { gap, z, rankZ } = gapBetween(apart, random, blockOf);
  const isAlarm = gap >= MIN_GAP && Math.max(z, rankZ) >= MIN_Z;
  return { closeness, gap, z, rankZ, randomScore: random.score, blockScore: apart.score, isAlarm };
}

/** Rows of each class, in order. */
function byClass(classes: Float64Array): Uint32Array[] {
  const rows = Uint32Array.from(classes.keys());
  return [...new Set(classes)].map((k) => rows.filter((i) => classes[i] === k));
}

function isSorted(y: Float64Array): boolean {
  let rises = 0;
  let falls = 0;
  for (let i = 1; i < y.length; i++) {
    rises += Number(y[i]! >= y[i - 1]!);
    falls += Number(y[i]! <= y[i - 1]!);
  }
  return Math.max(rises, falls) > MAX_SORTED * (y.length - 1);
}
