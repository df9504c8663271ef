import type { Rng } from '../kernels/rng.ts';
import { at, drawParams, positionIn, type Params, type Space } from './space.ts';

export interface Observation {
  readonly params: Params;
  /** Smaller is better. */
  readonly loss: number;
}

const N_STARTUP = 10;
const N_CANDIDATES = 24;

/**
 * Next configuration by a tree-structured Parzen estimator (Bergstra et al. 2011): densities of the better quarter and of
 * the rest, one dimension at a time; of several draws from the better, the one with the largest ratio of the two.
 */
export function suggest(space: Space, seen: readonly Observation[], rng: Rng): Params {
  if (seen.length < N_STARTUP) return drawParams(space, rng);
  const sorted = seen.toSorted((a, b) => a.loss - b.loss);
  const nGood = Math.max(2, Math.ceil(0.25 * Math.sqrt(sorted.length) * 2));
  const good = sorted.slice(0, nGood);
  const rest = sorted.slice(nGood);
  return Object.fromEntries(
    Object.entries(space).map(([name, values]) => [
      name,
      Array.isArray(values) ? choose(name, values, good, rest, rng) : draw(name, values, good, rest, rng),
    ]),
  );
}

function choose(
  name: string,
  values: readonly unknown[],
  good: readonly Observation[],
  rest: readonly Observation[],
  rng: Rng,
): unknown {
  const share = (of: readonly Observation[], value: unknown) =>
    (of.filter((o) => o.params[name] === value).length + 1) / (of.length + values.length);
  const ratios = values.map((value) => share(good, value) / share(rest, value));
  let u = rng.uniform() * ratios.reduce((a, b) => a + b, 0);
  for (const [i, ratio] of ratios.entries()) {
    u -= ratio;
    if (u <= 0) return values[i];
  }
  return values.at(-1);
}

type Range = Exclude<Space[string], readonly unknown[]>;

function draw(
  name: string,
  range: Range,
  good: readonly Observation[],
  rest: readonly Observation[],
  rng: Rng,
): number {
  const positions = (of: readonly Observation[]) => of.map((o) => positionIn(range, Number(o.params[name])));
  const better = positions(good);
  const worse = positions(rest);
  let best = 0.5;
  let bestRatio = -Infinity;
  for (let c = 0; c < N_CANDIDATES; c++) {
    const center = better[rng.int(better.length)]!;
    const u = Math.min(1, Math.max(0, center + rng.normal() * bandwidth(better.length)));
    const ratio = Math.log(density(better, u)) - Math.log(density(worse, u));
    if (ratio > bestRatio) [best, bestRatio] = [u, ratio];
  }
  return at(range, best);
}

const bandwidth = (n: number): number => Math.max(0.05, 0.5 / Math.sqrt(n + 1));

/** Gaussian kernels around `points`, and a uniform share so that nothing is impossible. */
function density(points: readonly number[], u: number): number {
  const h = bandwidth(points.length);
  const sum = points.reduce((s, p) => s + Math.exp(-0.5 * ((u - p) / h) ** 2) / (h * Math.sqrt(2 * Math.PI)), 0);
  return (sum + 1) / (points.length + 1);
}
