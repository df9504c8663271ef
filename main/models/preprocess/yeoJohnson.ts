import { minimise } from './minimise.ts';

/** λ is estimated on at most this many values, evenly spaced in order of size. */
const MAX_VALUES = 200_000;
/** Spread relative to size below which float64 cannot tell the transformed values apart. */
const LEAST_SPREAD = 1e-8;
/** λ this near to 0 or 2 is the logarithm: the power formula would cancel. */
const NEAR = 1e-6;

/**
 * The Yeo–Johnson transform (Yeo & Johnson 2000): increasing in x, defined for negative values too. Written as powers of
 * 1 + |x|, operation by operation what the exported graph computes.
 */
export function yeoJohnson(x: number, lambda: number): number {
  const base = Math.abs(x) + 1;
  return x < 0 ? -boxCox(base, 2 - lambda) : boxCox(base, lambda);
}

const boxCox = (base: number, power: number): number => (isLog(power) ? Math.log(base) : (base ** power - 1) / power);

/** Powers for which the transform is the logarithm. */
export const isLog = (power: number): boolean => Math.abs(power) < NEAR;

/**
 * λ of largest likelihood under a normal distribution of the transformed values, as scikit-learn's PowerTransformer
 * finds it; 1 (no change) where the values hardly differ.
 * @param sorted ascending, finite, not empty
 * @param extra a value that occurs `nExtra` times more: what takes the place of missing cells
 */
export function fitYeoJohnson(sorted: Float64Array, extra = 0, nExtra = 0): number {
  const { values, counts, n } = condensed(sorted, extra, nExtra);
  const logs = values.map((v) => Math.log1p(Math.abs(v)));
  let jacobian = 0;
  for (let i = 0; i < logs.length; i++) jacobian += counts[i]! * Math.sign(values[i]!) * logs[i]!;
  const transformed = new Float64Array(values.length);
  const loss = (lambda: number): number => {
    let mean = 0;
    for (let i = 0; i < values.length; i++) {
      transformed[i] = yeoJohnson(values[i]!, lambda);
      mean += (counts[i]! * transformed[i]!) / n;
    }
    let variance = 0;
    for (let i = 0; i < values.length; i++) variance += (counts[i]! * (transformed[i]! - mean) ** 2) / n;
    const size = Math.max(Math.abs(transformed[0]!), Math.abs(transformed.at(-1)!));
    if (!(variance < Infinity && Math.sqrt(variance) > LEAST_SPREAD * size)) return Infinity;
    return (n / 2) * Math.log(variance) - (lambda - 1) * jacobian;
  };
  if (!Number.isFinite(loss(1))) return 1;
  const lambda = minimise(loss, 1);
  return isLog(lambda) ? 0 : isLog(2 - lambda) ? 2 : lambda;
}

/** Distinct values, ascending, with how often each occurs. */
function condensed(sorted: Float64Array, extra: number, nExtra: number) {
  const step = Math.max(1, (sorted.length - 1) / (MAX_VALUES - 1));
  const values: number[] = [];
  const counts: number[] = [];
  const add = (value: number, count: number) => {
    if (value === values.at(-1)) counts[counts.length - 1]! += count;
    else {
      values.push(value);
      counts.push(count);
    }
  };
  const nPicked = Math.min(sorted.length, MAX_VALUES);
  const share = sorted.length / nPicked;
  let isAdded = nExtra === 0;
  for (let k = 0; k < nPicked; k++) {
    const value = sorted[Math.round(k * step)]!;
    if (!isAdded && value >= extra) {
      add(extra, nExtra);
      isAdded = true;
    }
    add(value, share);
  }
  if (!isAdded) add(extra, nExtra);
  return { values: Float64Array.from(values), counts: Float64Array.from(counts), n: sorted.length + nExtra };
}
