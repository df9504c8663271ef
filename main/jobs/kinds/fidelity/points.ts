import type { FidelityCurve } from '../../../contract/coreset.ts';
import type { Fidelity } from '../../../contract/run.ts';

type Point = FidelityCurve['points'][number];

/** One sample's distance from all rows. */
export interface Draw {
  readonly excess: number;
  readonly gaps: Fidelity['gaps'];
}

/** Median and band of several draws of one size and kind. */
export function pointOf(size: number, sample: Point['sample'], draws: readonly Draw[]): Point {
  const names = Object.keys(draws[0]?.gaps ?? {});
  return {
    size,
    sample,
    nDraws: draws.length,
    excessLoss: band(draws.map(({ excess }) => excess)),
    gaps: Object.fromEntries(names.map((name) => [name, band(draws.map(({ gaps }) => gaps[name]?.gap ?? NaN))])),
  };
}

/** Median and 10–90 % band, between draws by interpolation. */
export function band(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const at = (q: number) => {
    const place = q * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    return below + (place % 1) * ((sorted[Math.ceil(place)] ?? 0) - below);
  };
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

/** An eighth of the coreset's size to twice it. */
export const sizesAround = (size: number): number[] =>
  [...new Set([size / 8, size / 4, size / 2, size, 2 * size].map(Math.round))].filter((n) => n >= 20);
