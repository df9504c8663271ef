export interface BeeswarmFeature {
  readonly name: string;
  /** One value a row: its contribution to the prediction. */
  readonly contributions: readonly number[];
  /** The row's feature value scaled to [0, 1]; null for categories and missing values. */
  readonly levels: readonly (number | null)[];
  /** The values as text, for the hover box. */
  readonly texts: readonly string[];
}

/**
 * Vertical offsets that keep dots of a beeswarm row apart: dots in the same bin of x alternate above and below.
 * @param x positions, any unit; @param nBins bins over their range. Returns offsets in [-1, 1], fullest bin reaching ±1.
 */
export function swarmOffsets(x: readonly number[], nBins = 80): number[] {
  let min = Infinity;
  let max = -Infinity;
  for (const v of x) {
    min = Math.min(min, v);
    max = Math.max(max, v);
  }
  const span = max - min || 1;
  const counts = new Map<number, number>();
  const order = x.map((v) => {
    const bin = Math.min(nBins - 1, Math.floor(((v - min) / span) * nBins));
    const k = counts.get(bin) ?? 0;
    counts.set(bin, k + 1);
    return k;
  });
  const fullest = Math.max(1, ...counts.values());
  const reach = Math.max(1, Math.ceil((fullest - 1) / 2));
  // 0, +1, −1, +2, −2 … around the middle line
  return order.map((k) => ((k % 2 === 1 ? 1 : -1) * Math.ceil(k / 2)) / reach);
}
