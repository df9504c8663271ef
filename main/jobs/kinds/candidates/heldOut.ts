import type { Dealt } from '../../../experiment/folds/deal.ts';
import { createRng, permutation } from '../../../kernels/rng.ts';

/** Rows of one fold that models are scored on: more make scores no surer than folds differ. */
const MAX_TEST_ROWS = 4000;
/** Rows of a class that are scored however rare it is, as far as there are any. */
const MIN_CLASS_ROWS = 200;

/** Scored rows of a fold, by position among the training rows, and what each stands for. */
export interface HeldOut {
  readonly rows: Uint32Array;
  readonly weight: Float64Array;
}

/**
 * The scored rows of each fold, the same for every candidate.
 * @param dealt all training rows dealt out by the rule of the split
 * @param y class index or value of each training row
 */
export function heldOut(dealt: Dealt, y: Float64Array, isRegression: boolean, seed: number): HeldOut[] {
  const order = permutation(y.length, createRng(seed).fork('scored'));
  return Array.from({ length: dealt.nFolds }, (_, fold) =>
    scored(
      order.filter((i) => dealt.scoredBy[dealt.part[i]!] === fold),
      y,
      isRegression,
    ),
  );
}

/** At most MAX_TEST_ROWS of `rows` (in random order), more of rare classes, with weights that make up for it. */
function scored(rows: Uint32Array, y: Float64Array, isRegression: boolean): HeldOut {
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
