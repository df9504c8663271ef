import type { Feature } from '../estimator.ts';

/** A feature that is the product of two others. */
export interface ProductPlan {
  readonly kind: 'product';
  /** Such as `a × b`. */
  readonly name: string;
  /** Features it multiplies, by their position. */
  readonly factors: readonly [number, number];
  /** Feature = (product − offset) / scale. */
  readonly offset: number;
  readonly scale: number;
}

/** Products that `nFactors` features make. */
export const nProducts = (nFactors: number): number => (nFactors * (nFactors - 1)) / 2;

export interface Factor {
  /** Position of the feature. */
  readonly at: number;
  readonly feature: Feature;
  /** Prepared values of the training rows, shape (nRows,). */
  readonly values: Float32Array;
}

/**
 * Products of every two factors as they are after preparation, standardised when `isScaled`; those that are constant in
 * the training rows are left out when `dropConstant`.
 */
export function fitProducts(factors: readonly Factor[], isScaled: boolean, dropConstant: boolean): ProductPlan[] {
  const plans: ProductPlan[] = [];
  for (const [i, a] of factors.entries()) {
    for (const b of factors.slice(i + 1)) {
      const { isConstant, mean, deviation } = describe(a.values, b.values);
      if (isConstant && dropConstant) continue;
      plans.push({
        kind: 'product',
        name: `${a.feature.name} × ${b.feature.name}`,
        factors: [a.at, b.at],
        offset: isScaled ? mean : 0,
        scale: isScaled && deviation > 0 && Number.isFinite(deviation) ? deviation : 1,
      });
    }
  }
  return plans;
}

/** Mean and standard deviation of a·b over the rows where neither is missing. */
function describe(a: Float32Array, b: Float32Array): { isConstant: boolean; mean: number; deviation: number } {
  let [n, mean, squares] = [0, 0, 0];
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < a.length; i++) {
    const value = a[i]! * b[i]!;
    if (Number.isNaN(value)) continue;
    n++;
    const delta = value - mean;
    mean += delta / n;
    squares += delta * (value - mean);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return {
    isConstant: !(low < high) && (n === a.length || n === 0),
    mean,
    deviation: Math.sqrt(squares / Math.max(1, n)),
  };
}
