/**
 * Intraclass correlation of rows in groups by one-way analysis of variance, (MSB − MSW) / (MSB + (n₀ − 1) MSW) with
 * n₀ = (N − Σn²/N) / (L − 1) (Donner 1986); outputs are pooled.
 * @param values shape (n, width)
 */
export function intraclassCorrelation(values: Float64Array, width: number, groupOf: Int32Array): number {
  const n = groupOf.length;
  const { means, sizes } = groupMeans(values, width, groupOf);
  const nGroups = sizes.size;
  if (nGroups < 2 || nGroups >= n) return 0;
  let between = 0;
  let within = 0;
  for (let k = 0; k < width; k++) {
    let total = 0;
    for (let i = 0; i < n; i++) total += values[i * width + k]!;
    for (const [g, size] of sizes) between += size * (means.get(g)![k]! - total / n) ** 2;
    for (let i = 0; i < n; i++) within += (values[i * width + k]! - means.get(groupOf[i]!)![k]!) ** 2;
  }
  const msb = between / (nGroups - 1);
  const msw = within / (n - nGroups);
  const n0 = (n - [...sizes.values()].reduce((sum, size) => sum + size * size, 0) / n) / (nGroups - 1);
  const all = msb + (n0 - 1) * msw;
  return all > 0 ? (msb - msw) / all : 0;
}

/** Lag-1 correlation of the groups' means in the order of `keyOf` (the number that names the group): near 1 for a measured column. */
export function smoothness(values: Float64Array, width: number, groupOf: Int32Array, keyOf: Float64Array): number {
  const { means } = groupMeans(values, width, groupOf);
  const key = new Map<number, number>();
  groupOf.forEach((g, i) => key.set(g, keyOf[i]!));
  const order = [...means.keys()].toSorted((a, b) => key.get(a)! - key.get(b)!);
  let product = 0;
  let squares = 0;
  for (let k = 0; k < width; k++) {
    const list = order.map((g) => means.get(g)![k]!);
    const centre = list.reduce((a, b) => a + b, 0) / list.length;
    list.forEach((v, l) => {
      squares += (v - centre) ** 2;
      if (l > 0) product += (v - centre) * (list[l - 1]! - centre);
    });
  }
  return squares > 0 ? product / squares : 0;
}

function groupMeans(values: Float64Array, width: number, groupOf: Int32Array) {
  const means = new Map<number, Float64Array>();
  const sizes = new Map<number, number>();
  groupOf.forEach((g, i) => {
    let sum = means.get(g);
    if (!sum) means.set(g, (sum = new Float64Array(width)));
    for (let k = 0; k < width; k++) sum[k]! += values[i * width + k]!;
    sizes.set(g, (sizes.get(g) ?? 0) + 1);
  });
  for (const [g, sum] of means) for (let k = 0; k < width; k++) sum[k]! /= sizes.get(g)!;
  return { means, sizes };
}
