/** A mapping from data to pixels, with its ticks. */
export interface Scale {
  readonly domain: readonly [number, number];
  toPixel(value: number): number;
  readonly ticks: readonly number[];
}

/** Up to about `count` round numbers inside [min, max] (steps of 1, 2, 2.5 or 5 × 10^k). */
export function niceTicks(min: number, max: number, count = 5): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [];
  if (min === max) return [min];
  const raw = (max - min) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? 10 * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  // Multiples of an integer index: adding `step` again and again would drift (0.1 + 0.2).
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** Powers of ten inside [min, max], with 2 and 5 between when there are fewer than three. */
export function logTicks(min: number, max: number): number[] {
  if (!(min > 0) || !(max >= min)) return [];
  const from = Math.floor(Math.log10(min));
  const to = Math.ceil(Math.log10(max));
  const inside = (multiples: number[]) => {
    const out: number[] = [];
    for (let e = from; e <= to; e++)
      for (const m of multiples) {
        const tick = Number((m * 10 ** e).toPrecision(12));
        if (tick >= min * 0.999 && tick <= max * 1.001) out.push(tick);
      }
    return out;
  };
  const decades = inside([1]);
  return decades.length >= 3 ? decades : inside([1, 2, 5]);
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number], tickCount = 5): Scale {
  const [d0, d1] = domain;
  const span = d1 - d0;
  return {
    domain,
    toPixel: (v) => (span === 0 ? (range[0] + range[1]) / 2 : range[0] + ((v - d0) / span) * (range[1] - range[0])),
    ticks: niceTicks(Math.min(d0, d1), Math.max(d0, d1), tickCount),
  };
}

export function logScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [a, b] = [Math.log10(domain[0]), Math.log10(domain[1])];
  return {
    domain,
    toPixel: (v) =>
      a === b ? (range[0] + range[1]) / 2 : range[0] + ((Math.log10(v) - a) / (b - a)) * (range[1] - range[0]),
    ticks: logTicks(domain[0], domain[1]),
  };
}

/** Smallest and largest finite value; null when there is none. */
export function extent(values: Iterable<number | null | undefined>): [number, number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (const v of values) {
    if (v == null || !Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  return min <= max ? [min, max] : null;
}

/**
 * Positions near `wanted` that are at least `gap` apart, in the same order, inside [low, high] when they fit.
 * Used to keep direct labels from covering each other.
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const placed = order.map((o) => Math.min(high, Math.max(low, o.value)));
  for (let k = 1; k < placed.length; k++) placed[k] = Math.max(placed[k]!, placed[k - 1]! + gap);
  const over = (placed.at(-1) ?? high) - high;
  if (over > 0) {
    placed[placed.length - 1] = high;
    for (let k = placed.length - 2; k >= 0; k--) placed[k] = Math.min(placed[k]!, placed[k + 1]! - gap);
  }
  const out = Array.from<number>({ length: wanted.length });
  order.forEach((o, k) => (out[o.index] = placed[k]!));
  return out;
}
