/** Below this, a ranking of configurations on a coreset is not to be trusted for the ranking on all rows. */
export const TRUSTED_TAU = 0.8;

/**
 * Kendall's τ-b between two lists of scores of the same configurations (Kendall 1945): pairs ranked alike less pairs
 * ranked the other way, divided by √(pairs not tied in a · pairs not tied in b). 1 is the same ranking, −1 the reverse.
 * null when there are fewer than two finite pairs of scores or one list is all ties: then there is no ranking.
 * @param a,b shape (n,); entries that are not finite in either (a configuration that failed) are left out
 * @param tolerance scores closer than this count as tied
 */
export function kendallTau(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 0): number | null {
  if (a.length !== b.length) throw new RangeError(`kendallTau: ${a.length} scores against ${b.length}`);
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]!) || !Number.isFinite(b[i]!)) continue;
    x.push(a[i]!);
    y.push(b[i]!);
  }
  const orderOf = (gap: number) => (Math.abs(gap) <= tolerance ? 0 : Math.sign(gap));
  let agreement = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const dx = orderOf(x[i]! - x[j]!);
      const dy = orderOf(y[i]! - y[j]!);
      agreement += dx * dy;
      untiedX += Math.abs(dx);
      untiedY += Math.abs(dy);
    }
  }
  return untiedX > 0 && untiedY > 0 ? agreement / Math.sqrt(untiedX * untiedY) : null;
}
