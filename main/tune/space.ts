import type { TuneConfig } from '../contract/config.ts';
import type { Rng } from '../kernels/rng.ts';

export type Space = TuneConfig['space'];
export type Params = Record<string, unknown>;

/** Every combination of the listed values; a range contributes five values, even on its scale. */
export function expandGrid(space: Space): Params[] {
  let grid: Params[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    const list = Array.isArray(values) ? values : Array.from({ length: 5 }, (_, i) => at(values, i / 4));
    grid = grid.flatMap((params) => [...new Set(list)].map((value) => ({ ...params, [name]: value })));
  }
  return grid;
}

/** One configuration drawn at random. */
export function drawParams(space: Space, rng: Rng): Params {
  return Object.fromEntries(
    Object.entries(space).map(([name, values]) => [
      name,
      Array.isArray(values) ? values[rng.int(values.length)] : at(values, rng.uniform()),
    ]),
  );
}

type Range = Exclude<Space[string], readonly unknown[]>;

/** The value at share `u` in [0, 1] of a range, on its scale. */
export function at(range: Range, u: number): number {
  const value = range.log
    ? Math.exp(Math.log(range.min) + u * (Math.log(range.max) - Math.log(range.min)))
    : range.min + u * (range.max - range.min);
  return range.int ? Math.round(value) : value;
}

/** Where a value lies in its range, in [0, 1]. */
export function positionIn(range: Range, value: number): number {
  if (range.max === range.min) return 0.5;
  return range.log
    ? Math.log(value / range.min) / Math.log(range.max / range.min)
    : (value - range.min) / (range.max - range.min);
}
