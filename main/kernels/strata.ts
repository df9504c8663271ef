/** Rows 0 … n-1 by class, classes ascending and rows in order; all rows as one where no classes are given. */
export function strataOf(n: number, classes?: ArrayLike<number>): number[][] {
  const strata = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const key = classes ? classes[i]! : 0;
    const list = strata.get(key);
    if (list) list.push(i);
    else strata.set(key, [i]);
  }
  return [...strata].toSorted(([a], [b]) => a - b).map(([, rows]) => rows);
}
