import { AppError } from '../../contract/errors.ts';
import { partOf } from '../../coreset/tree/chunking.ts';
import { foldOfParts } from '../../coreset/tree/folds.ts';
import { takeValues } from '../../kernels/matrix.ts';
import { createRng, type Rng } from '../../kernels/rng.ts';
import { kFolds } from '../../tune/folds.ts';
import type { Part } from '../rows/prepare.ts';
import { dealGroups, groupNumbers } from './groups.ts';
import type { SplitRule } from './rule.ts';
import { cutTime, inTime } from './stretches.ts';

/** Training rows dealt out to parts, and parts to folds; a fold, and a hold-out within it, is a set of parts. */
export interface Dealt {
  readonly nFolds: number;
  readonly nParts: number;
  /** Shape (nTrain,): part of each training row. */
  readonly part: Uint8Array;
  /** Shape (nParts,): the fold that scores the rows of a part; -1 for the earliest stretch, which none scores. */
  readonly scoredBy: Int8Array;
  /** Forward in time: a fold trains only on rows before those it scores, and parts are in the order of time. */
  readonly isForward: boolean;
}

/** Whether a fold trains on the rows of a part. */
export const trainsOn = ({ scoredBy, isForward }: Dealt, part: number, fold: number): boolean =>
  isForward ? scoredBy[part]! < fold : scoredBy[part] !== fold;

/** Positions of the training rows a fold trains on, and of those it scores, ascending. */
export function rowsOfFold(dealt: Dealt, fold: number): { readonly train: Uint32Array; readonly test: Uint32Array } {
  const { part, scoredBy, nParts } = dealt;
  const isTrain = Array.from({ length: nParts }, (_, p) => trainsOn(dealt, p, fold));
  const rowsOf = (isIn: readonly boolean[]) => {
    const rows = new Uint32Array(part.length);
    let n = 0;
    for (let i = 0; i < part.length; i++) if (isIn[part[i]!]) rows[n++] = i;
    return rows.slice(0, n);
  };
  return { train: rowsOf(isTrain), test: rowsOf(Array.from(scoredBy, (k) => k === fold)) };
}

export interface DealOptions {
  readonly nFolds: number;
  readonly seed: number;
  /** The training rows. */
  readonly rows: Pick<Part, 'rowIds' | 'y'>;
  readonly isRegression: boolean;
  /**
   * For folds of a coreset whose tree has so many parts: rows at random are dealt by the parts of the tree, for which it has
   * totals; groups and times into several parts a fold, of which some can be held out.
   */
  readonly treeParts?: number;
}

/**
 * Deals the training rows out to folds by the rule of the split: at random and even by class, by whole groups, or forward in
 * time: K folds are K + 1 stretches, and fold k is trained on the first k and scored on the next. Throws AppError
 * FOLDS_TOO_MANY, FOLDS_OUT_OF_RANGE.
 */
export function dealFolds(rule: SplitRule, options: DealOptions): Dealt {
  const { nFolds, seed, rows, isRegression, treeParts } = options;
  refuseTooMany(rule, nFolds);
  const nEach = treeParts === undefined ? 1 : Math.max(1, Math.floor(treeParts / (nFolds + 1)));
  const rng = createRng(seed).fork('folds');
  const y = isRegression ? null : rows.y;
  switch (rule.kind) {
    case 'time':
      return dealTimes(rule.times, nFolds, nEach);
    case 'group':
      return dealWholeGroups(rule.groups, y, nFolds, nEach, rng);
    case 'random': {
      if (treeParts !== undefined) {
        const scoredBy = Int8Array.from(foldOfParts(treeParts, nFolds, seed));
        const part = Uint8Array.from(rows.rowIds, (id) => partOf(id, treeParts));
        return { nFolds, nParts: treeParts, part, scoredBy, isForward: false };
      }
      const part = new Uint8Array(rows.y.length);
      kFolds(part.length, nFolds, rng, y ?? undefined).forEach((test, fold) => test.forEach((i) => (part[i] = fold)));
      return {
        nFolds,
        nParts: nFolds,
        part,
        scoredBy: Int8Array.from({ length: nFolds }, (_, k) => k),
        isForward: false,
      };
    }
  }
}

/** Most folds that the groups or times of the training rows allow. */
export function possibleFolds(rule: SplitRule): number {
  switch (rule.kind) {
    case 'random':
      return Infinity;
    case 'group':
      return groupNumbers(rule.groups).nGroups;
    case 'time':
      return inTime(rule.times).ends.length - 1;
  }
}

function refuseTooMany(rule: SplitRule, nFolds: number): void {
  const possible = possibleFolds(rule);
  if (rule.kind === 'random' || nFolds <= possible) return;
  const [key, what] =
    rule.kind === 'group' ? ['split.group', `${possible} groups`] : ['split.time', `${possible + 1} different times`];
  throw new AppError({
    code: 'FOLDS_TOO_MANY',
    message:
      `Folds follow ${key} (${rule.column}), and the training rows have ${what}, ` +
      (possible < 2 ? 'too few for any cross-validation.' : `enough for at most ${possible} folds, not ${nFolds}.`),
    fix:
      possible < 2
        ? { kind: 'setOption', label: 'Train without a search', args: { 'tune.method': 'none' } }
        : { kind: 'setOption', label: `Use ${possible} folds`, args: { 'tune.folds': possible } },
  });
}

/** Groups to folds, then those of a fold to its parts. */
function dealWholeGroups(
  groups: ArrayLike<number>,
  y: Float64Array | null,
  nFolds: number,
  nEach: number,
  rng: Rng,
): Dealt {
  const fold = dealGroups(groups, y, nFolds, rng);
  const part = fold.map((f) => f * nEach);
  for (let f = 0; f < nFolds; f++) {
    const rows = Uint32Array.from(fold.keys()).filter((i) => fold[i] === f);
    const own = Float64Array.from(rows, (i) => groups[i]!);
    const within = dealGroups(own, y && takeValues(y, rows), nEach, rng.fork(f));
    rows.forEach((i, at) => (part[i]! += within[at]!));
  }
  const scoredBy = Int8Array.from({ length: nFolds * nEach }, (_, p) => Math.floor(p / nEach));
  return { nFolds, nParts: nFolds * nEach, part, scoredBy, isForward: false };
}

/** Stretches of time, each cut into up to `nEach` parts. */
function dealTimes(times: ArrayLike<number>, nFolds: number, nEach: number): Dealt {
  const sorted = inTime(times);
  const part = new Uint8Array(times.length);
  const scoredBy: number[] = [];
  let [time, place] = [0, 0];
  cutTime(sorted, nFolds + 1)!.forEach((end, stretch) => {
    const nParts = Math.min(nEach, end - time);
    for (const cut of cutTime(sorted, nParts, time, end)!) {
      for (; place < sorted.ends[cut - 1]!; place++) part[sorted.order[place]!] = scoredBy.length;
      scoredBy.push(stretch - 1);
    }
    time = end;
  });
  return { nFolds, nParts: scoredBy.length, part, scoredBy: Int8Array.from(scoredBy), isForward: true };
}
