import type { FitContext, HoldOut } from '../../models/estimator.ts';
import { createRng } from '../../kernels/rng.ts';
import { dealGroups, groupNumbers } from './groups.ts';
import { ruleOn, type SplitRule } from './rule.ts';
import { inTime } from './stretches.ts';

/** How a fit holds rows out of those it is given; absent means stratified at random. */
export type HoldsOut = NonNullable<FitContext['holdOut']>;

/** The same seed for every fit: configurations are compared on the same held-out rows. */
export const HOLD_OUT_SEED = 0;

/**
 * Holds rows out of a fit on some of the training rows by the rule of the split: whole groups, or the last stretch of time.
 * undefined where rows are split at random, as estimators do without being told.
 * @param positionsOf the fit's rows among the training rows, in their order
 * @param y class of each row of the fit, or null where there are none
 */
export function holdOutBy(
  rule: SplitRule,
  positionsOf: () => Uint32Array,
  y: Float64Array | null,
): HoldsOut | undefined {
  if (rule.kind === 'random') return undefined;
  return keptByShare((share) => {
    const own = ruleOn(rule, positionsOf());
    if (own.kind === 'group') return ofGroups(own.groups, y, share);
    return own.kind === 'time' ? ofTime(own.times, share) : null;
  });
}

function ofGroups(groups: ArrayLike<number>, y: Float64Array | null, share: number): HoldOut | null {
  const { nGroups } = groupNumbers(groups);
  if (nGroups < 2) return null;
  const nParts = Math.min(nGroups, 255, Math.max(2, Math.round(1 / share)));
  const part = dealGroups(groups, y, nParts, createRng(HOLD_OUT_SEED).fork('hold out'));
  const sizes = new Float64Array(nParts);
  for (const p of part) sizes[p]!++;
  // Large groups make parts of their own that are larger than wanted.
  const distance = sizes.map((size) => Math.abs(size - share * groups.length));
  const chosen = distance.indexOf(distance.reduce((a, b) => Math.min(a, b)));
  const rows = Uint32Array.from(part.keys());
  return { train: rows.filter((i) => part[i] !== chosen), held: rows.filter((i) => part[i] === chosen) };
}

/** The last rows: as many as come nearest to the share without parting rows of one time. */
function ofTime(times: ArrayLike<number>, share: number): HoldOut | null {
  const { order, ends } = inTime(times);
  const n = order.length;
  const wanted = (1 - share) * n;
  const cuts = ends.subarray(0, -1);
  if (cuts.length === 0) return null;
  const cut = cuts.reduce((best, end) => (Math.abs(end - wanted) < Math.abs(best - wanted) ? end : best));
  return { train: order.slice(0, cut).sort(), held: order.slice(cut).sort() };
}

/** The same rows whenever the same share is asked for. */
export function keptByShare(make: HoldsOut): HoldsOut {
  const known = new Map<number, HoldOut | null>();
  return (share) => {
    let found = known.get(share);
    if (found === undefined) known.set(share, (found = make(share)));
    return found;
  };
}
