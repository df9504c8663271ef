import { partOf } from '../../../coreset/tree/chunking.ts';
import { N_PARTS } from '../../../coreset/tree/coresetTree.ts';
import { createRng, permutation } from '../../../kernels/rng.ts';
import { kFolds } from '../../../tune/folds.ts';

/** Rows of one fold that models are scored on: more make scores no surer than folds differ. */
const MAX_TEST_ROWS = 4000;
/** Rows of a class that are scored however rare it is, as far as there are any. */
const MIN_CLASS_ROWS = 200;

/** The same folds and the same scored rows for every candidate. Positions are among the training rows. */
export interface HeldOut {
  readonly nFolds: number;
  /** Shape (nTrain,). */
  readonly foldOf: Uint8Array;
  /** Scored rows of each fold, and what each stands for. */
  readonly tests: readonly { readonly rows: Uint32Array; readonly weight: Float64Array }[];
}

/**
 * Folds keep together what the split keeps apart: stretches of time, or groups.
 * @param rowIds of the training rows
 * @param y class index or value of each training row
 * @param isByPart folds as those of coreset trees (by a hash of the row's id), whose weights know them; else even by class
 */
export function heldOut(
  rowIds: Uint32Array,
  y: Float64Array,
  isRegression: boolean,
  options: {
    readonly nFolds: number;
    readonly seed: number;
    readonly isByPart: boolean;
    /** By training row; null where the split is not by time, or by group. */
    readonly times: Float64Array | null;
    readonly groups: Float64Array | null;
  },
): HeldOut {
  const { nFolds, seed, isByPart, times, groups } = options;
  const foldOf = new Uint8Array(y.length);
  if (times) {
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
    order.forEach((i, place) => (foldOf[i] = Math.floor((place * nFolds) / order.length)));
  } else if (groups) {
    const rng = createRng(seed).fork('folds');
    const names = [...new Set(groups)];
    const foldOfGroup = new Map(Array.from(permutation(names.length, rng), (g, i) => [names[g]!, i % nFolds]));
    groups.forEach((group, i) => (foldOf[i] = foldOfGroup.get(group)!));
  } else if (isByPart) {
    const ofPart = foldOfParts(nFolds, seed);
    rowIds.forEach((id, i) => (foldOf[i] = ofPart[partOf(id, N_PARTS)]!));
  } else {
    kFolds(y.length, nFolds, createRng(seed).fork('folds'), isRegression ? undefined : y).forEach((rows, fold) =>
      rows.forEach((i) => (foldOf[i] = fold)),
    );
  }
  const order = permutation(y.length, createRng(seed).fork('scored'));
  const tests = Array.from({ length: nFolds }, (_, fold) =>
    scored(
      order.filter((i) => foldOf[i] === fold),
      y,
      isRegression,
    ),
  );
  return { nFolds, foldOf, tests };
}

/** Fold of each part, as `calibratedFolds` deals them out. */
function foldOfParts(nFolds: number, seed: number): Uint8Array {
  const fold = new Uint8Array(N_PARTS);
  permutation(N_PARTS, createRng(seed).fork('folds')).forEach((part, i) => (fold[part] = i % nFolds));
  return fold;
}

/** At most MAX_TEST_ROWS of `rows` (in random order), more of rare classes, with weights that make up for it. */
function scored(rows: Uint32Array, y: Float64Array, isRegression: boolean): HeldOut['tests'][number] {
  if (rows.length <= MAX_TEST_ROWS) {
    const all = rows.slice().sort();
    return { rows: all, weight: new Float64Array(all.length).fill(1) };
  }
  const strata = new Map<number, number[]>();
  for (const i of rows) {
    const key = isRegression ? 0 : y[i]!;
    const list = strata.get(key);
    if (list) list.push(i);
    else strata.set(key, [i]);
  }
  const weightOf = new Map<number, number>();
  for (const list of strata.values()) {
    const share = Math.round((MAX_TEST_ROWS * list.length) / rows.length);
    const m = Math.min(list.length, Math.max(MIN_CLASS_ROWS, share));
    for (const i of list.slice(0, m)) weightOf.set(i, list.length / m);
  }
  const kept = Uint32Array.from(weightOf.keys()).sort();
  return { rows: kept, weight: Float64Array.from(kept, (i) => weightOf.get(i)!) };
}
