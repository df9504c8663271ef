import type { Column, Table } from '../../kernels/table.ts';

export interface ProfileEntry {
  /** A number column, or `column = level`. */
  readonly feature: string;
  /** Mean, or share of the level, in the cluster and in all rows. */
  readonly here: number;
  readonly overall: number;
  /** here − overall in standard deviations of all rows. */
  readonly difference: number;
}

/**
 * What sets each cluster apart, in the units of the raw columns: means of numbers, and for each category the level whose
 * share differs most. Missing values count in neither.
 * @param labels shape (nRows,)
 */
export function clusterProfiles(table: Table, labels: ArrayLike<number>, k: number): ProfileEntry[][] {
  const byColumn = table.columns.map((column) =>
    column.kind === 'number' ? numberProfile(column, labels, k) : categoryProfile(column, labels, k),
  );
  return Array.from({ length: k }, (_, c) =>
    byColumn.flatMap((entries) => entries[c] ?? []).toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference)),
  );
}

function numberProfile(
  { name, values }: Extract<Column, { kind: 'number' }>,
  labels: ArrayLike<number>,
  k: number,
): (ProfileEntry | undefined)[] {
  const sums = new Float64Array(k);
  const counts = new Float64Array(k);
  let [all, n] = [0, 0];
  values.forEach((v, i) => {
    if (!Number.isFinite(v)) return;
    sums[labels[i]!]! += v;
    counts[labels[i]!]!++;
    all += v;
    n++;
  });
  const overall = all / n;
  let squares = 0;
  for (const v of values) if (Number.isFinite(v)) squares += (v - overall) ** 2;
  const deviation = Math.sqrt(squares / n);
  return Array.from({ length: k }, (_, c) => {
    if (counts[c] === 0 || !(deviation > 0)) return undefined;
    const here = sums[c]! / counts[c]!;
    return { feature: name, here, overall, difference: (here - overall) / deviation };
  });
}

function categoryProfile(
  { name, codes, levels }: Extract<Column, { kind: 'category' }>,
  labels: ArrayLike<number>,
  k: number,
): (ProfileEntry | undefined)[] {
  const m = levels.length;
  const counts = new Float64Array(k * m);
  const sizes = new Float64Array(k);
  const all = new Float64Array(m);
  let n = 0;
  codes.forEach((code, i) => {
    if (code < 0) return;
    counts[labels[i]! * m + code]!++;
    sizes[labels[i]!]!++;
    all[code]!++;
    n++;
  });
  return Array.from({ length: k }, (_, c) => {
    if (sizes[c] === 0) return undefined;
    let best: ProfileEntry | undefined;
    for (let level = 0; level < m; level++) {
      const overall = all[level]! / n;
      const deviation = Math.sqrt(overall * (1 - overall));
      if (!(deviation > 0)) continue;
      const here = counts[c * m + level]! / sizes[c]!;
      const difference = (here - overall) / deviation;
      if (!best || Math.abs(difference) > Math.abs(best.difference))
        best = { feature: `${name} = ${levels[level]}`, here, overall, difference };
    }
    return best;
  });
}
