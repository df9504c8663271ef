import { stretchesOf } from '../../evaluate/intervals/groups/stretches.ts';

/**
 * Which of the rows named depend on each other by the rule of the split, as codes of groups, in their order: stretches of
 * time, or the groups themselves; undefined where rows were dealt at random. Time goes before groups, as in the split.
 */
export function dependenceOf(
  { times, groups }: { readonly times: ArrayLike<number> | null; readonly groups: ArrayLike<number> | null },
  rows: Uint32Array,
): ArrayLike<number> | undefined {
  const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (i) => values[i]!);
  if (times) return stretchesOf(pick(times));
  return groups ? pick(groups) : undefined;
}
