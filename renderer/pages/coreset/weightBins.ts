/** Equal bins from 0 to the largest weight; a few heavy rows must not hide, so the count is at least 12. */
export function weightBins(weights: readonly number[]): { edges: number[]; counts: number[] } {
  const max = weights.reduce((m, w) => Math.max(m, w), 0);
  if (max <= 0) return { edges: [], counts: [] };
  const nBins = Math.min(48, Math.max(12, Math.round(Math.sqrt(weights.length))));
  const edges = Array.from({ length: nBins + 1 }, (_, k) => (max * k) / nBins);
  const counts = Array.from({ length: nBins }, () => 0);
  for (const w of weights) counts[Math.min(nBins - 1, Math.max(0, Math.floor((w / max) * nBins)))]! += 1;
  return { edges, counts };
}
