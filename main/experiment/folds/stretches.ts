import { argsortDescending } from '../../kernels/argsort.ts';

/** Rows in the order of their times, and where the rows of one time end. */
export interface InTime {
  /** Positions of the rows, earliest first; those without a time come before all others, as in the split. */
  readonly order: Uint32Array;
  /** For each distinct time, ascending: how many rows have that time or an earlier one. */
  readonly ends: Uint32Array;
}

/** @param times shape (n,), NaN where missing */
export function inTime(times: ArrayLike<number>): InTime {
  const before = Float64Array.from(times, (t) => (Number.isNaN(t) ? Infinity : -t));
  const order = argsortDescending(before);
  const ends: number[] = [];
  for (let k = 1; k <= order.length; k++)
    if (k === order.length || before[order[k]!] !== before[order[k - 1]!]) ends.push(k);
  return { order, ends: Uint32Array.from(ends) };
}

/**
 * Cuts time into `nStretches` of about the same number of rows; a cut never falls within one time.
 * @param from, to which of the distinct times, [from, to)
 * @returns for each stretch the distinct time it ends before; null where there are fewer times than stretches
 */
export function cutTime({ ends }: InTime, nStretches: number, from = 0, to = ends.length): number[] | null {
  if (to - from < nStretches) return null;
  const first = from === 0 ? 0 : ends[from - 1]!;
  const n = ends[to - 1]! - first;
  const cuts: number[] = [];
  let at = from;
  for (let s = 1; s < nStretches; s++) {
    const wanted = first + (s * n) / nStretches;
    // Every stretch has at least one time, and leaves one for each that follows.
    const last = to - (nStretches - s);
    let cut = at + 1;
    while (cut < last && Math.abs(ends[cut]! - wanted) <= Math.abs(ends[cut - 1]! - wanted)) cut++;
    cuts.push(cut);
    at = cut;
  }
  return [...cuts, to];
}
