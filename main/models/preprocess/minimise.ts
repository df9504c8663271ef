const GOLDEN = (3 - Math.sqrt(5)) / 2;
const MAX_STEPS = 200;

/**
 * A local minimum of `f` downhill from `start`: steps that double until `f` rises, then Brent's method (Brent 1973,
 * chapter 5) to about `tolerance`. `f` may be Infinity where it is not defined, but not at `start`.
 */
export function minimise(f: (x: number) => number, start: number, tolerance = 1e-9): number {
  return brent(f, bracket(f, start), tolerance);
}

/** Ends of an interval and a place inside with a value no larger than at the ends. */
function bracket(f: (x: number) => number, start: number): [low: number, inside: number, high: number] {
  const here = f(start);
  const direction = f(start + 1) < here ? 1 : f(start - 1) < here ? -1 : 0;
  if (direction === 0) return [start - 1, start, start + 1];
  let [before, at, value] = [start, start + direction, f(start + direction)];
  for (let step = 2 * direction; ; step *= 2) {
    const next = f(at + step);
    if (!(next < value)) return [Math.min(before, at + step), at, Math.max(before, at + step)];
    [before, at, value] = [at, at + step, next];
  }
}

function brent(f: (x: number) => number, [low, inside, high]: [number, number, number], tolerance: number): number {
  let [a, x, b] = [low, inside, high];
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let step = 0;
  let former = 0;
  for (let i = 0; i < MAX_STEPS; i++) {
    const middle = (a + b) / 2;
    const tol = tolerance * (1 + Math.abs(x));
    if (Math.abs(x - middle) <= 2 * tol - (b - a) / 2) break;
    // A parabola through the three best points, where it lands inside and its steps shrink; else the golden section.
    const r = (x - w) * (fx - fv);
    const q = (x - v) * (fx - fw);
    const denominator = 2 * (q - r);
    const parabolic = -((x - v) * q - (x - w) * r) / denominator;
    const isGood =
      Math.abs(former) > tol &&
      Math.abs(parabolic) < Math.abs(former) / 2 &&
      x + parabolic > a + tol &&
      x + parabolic < b - tol;
    former = isGood ? step : x < middle ? b - x : a - x;
    step = isGood ? parabolic : GOLDEN * former;
    const u = x + (Math.abs(step) >= tol ? step : step > 0 ? tol : -tol);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return x;
}
