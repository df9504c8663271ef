import type { Frame } from './frame.ts';
import type { Rng } from '../../kernels/rng.ts';

/** Standard deviations at which a number is cut off: one outlier must not decide who is near. */
const MAX_DEVIATION = 4;
const MAX_MISMATCH = 8;

/** Rows as points in which squared distance can be taken: every column has a mean squared distance of about 2. */
export interface Points {
  squared(a: number, b: number): number;
}

export function pointsOf({ X, columns, nRows }: Frame): Points {
  const d = X.nCols;
  const data = new Float64Array(nRows * d);
  const mismatch = new Float64Array(d);
  columns.forEach((column, j) => {
    if (column.kind === 'category') {
      mismatch[j] = Math.min(MAX_MISMATCH, 2 / Math.max(1e-9, 1 - sameTwice(column.codes)));
      for (let i = 0; i < nRows; i++) data[i * d + j] = column.codes[i]!;
      return;
    }
    let n = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < nRows; i++) {
      const v = X.data[i * d + j]!;
      if (Number.isNaN(v)) continue;
      n++;
      sum += v;
      squares += v * v;
    }
    const mean = sum / Math.max(1, n);
    const sd = Math.sqrt(Math.max(0, squares / Math.max(1, n) - mean * mean)) || 1;
    for (let i = 0; i < nRows; i++) {
      const v = (X.data[i * d + j]! - mean) / sd;
      data[i * d + j] = Number.isNaN(v) ? 0 : Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, v));
    }
  });
  return {
    squared(a, b) {
      let sum = 0;
      for (let j = 0, p = a * d, q = b * d; j < d; j++, p++, q++) {
        const off = data[p]! - data[q]!;
        if (off !== 0) sum += mismatch[j]! > 0 ? mismatch[j]! : off * off;
      }
      return sum;
    },
  };
}

/** Chance that two rows have the same code. */
function sameTwice(codes: Int32Array): number {
  const counts = new Map<number, number>();
  for (const c of codes) counts.set(c, (counts.get(c) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum + (n / codes.length) ** 2, 0);
}

/** Share of `nAsked` rows whose nearest other row has the same code, less what chance gives. */
export function neighboursAboveChance(points: Points, codes: Int32Array, nAsked: number, rng: Rng): number {
  const n = codes.length;
  const sizes = new Map<number, number>();
  for (const c of codes) sizes.set(c, (sizes.get(c) ?? 0) + 1);
  let same = 0;
  let chance = 0;
  const asked = Math.min(n, nAsked);
  for (let t = 0; t < asked; t++) {
    const i = asked === n ? t : rng.int(n);
    let nearest = -1;
    let least = Infinity;
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const distance = points.squared(i, k);
      if (distance < least) [least, nearest] = [distance, k];
    }
    same += Number(codes[nearest] === codes[i]);
    chance += (sizes.get(codes[i]!)! - 1) / (n - 1);
  }
  return (same - chance) / asked;
}

/** How much closer rows are to the next one of `order` than to one at random, within each stratum; 0: not at all. */
export function adjacentCloseness(points: Points, strata: readonly Uint32Array[], rng: Rng): number {
  let adjacent = 0;
  let random = 0;
  for (const order of strata) {
    for (let k = 1; k < order.length; k++) {
      adjacent += points.squared(order[k - 1]!, order[k]!);
      let other = rng.int(order.length - 1);
      if (other >= k) other++;
      random += points.squared(order[k]!, order[other]!);
    }
  }
  return random === 0 ? 0 : 1 - adjacent / random;
}
