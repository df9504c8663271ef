interface Value {
  readonly total: number;
  readonly gradient: Float64Array;
}

/**
 * Armijo's rule: the longest of the steps 1, ½, ¼ … that lowers the objective by 1e-4 of what `slope` promises, give or
 * take the objective's own rounding; null when none does.
 */
export async function lineSearch(
  value: (coef: Float64Array) => Promise<Value>,
  coef: Float64Array,
  total: number,
  step: Float64Array,
  slope: number,
  noise: number,
): Promise<{ t: number; moved: Float64Array<ArrayBuffer>; next: Value } | null> {
  for (let t = 1; t > 1e-10; t /= 2) {
    const moved = coef.map((v, i) => v + t * step[i]!);
    const next = await value(moved);
    if (next.total <= total + 1e-4 * t * slope + noise * Math.abs(total)) return { t, moved, next };
  }
  return null;
}
