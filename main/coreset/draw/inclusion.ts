/** How many rows a draw takes of each class, beyond what the scores give. */
export interface ClassGuarantees {
  /** Rows by class index: that many, or all of them. */
  readonly sizes?: ReadonlyMap<number, number | 'all'> | undefined;
  /** At least this many of every class (as far as it has them). */
  readonly minimum: number;
}

/**
 * Inclusion probabilities π_i = min(1, c·score_i) with Σπ = size. Shape (n,). Rows of score 0 get 0. When no more rows
 * than `size` have a score, all of those get 1.
 */
export function inclusionProbabilities(score: Float64Array, size: number): Float64Array {
  const pi = new Float64Array(score.length);
  fill(pi, score, undefined, size);
  return pi;
}

/** The same by class: classes of a given size first, the rest shares what is left, nobody below the minimum. */
export function inclusionByClass(
  score: Float64Array,
  y: Float64Array,
  nClasses: number,
  size: number,
  { sizes, minimum }: ClassGuarantees,
): Float64Array {
  const pi = inclusionProbabilities(score, size);
  if (sizes === undefined || sizes.size === 0) {
    if (meetsMinimum(pi, score, y, nClasses, minimum)) return pi;
  }
  const rowsOf = Array.from({ length: nClasses }, () => [] as number[]);
  for (let i = 0; i < y.length; i++) if (score[i]! > 0) rowsOf[y[i]!]?.push(i);
  let left = size;
  const shared: number[] = [];
  rowsOf.forEach((rows, k) => {
    const asked = sizes?.get(k);
    if (asked === undefined) return void shared.push(k);
    const want = asked === 'all' ? rows.length : Math.min(asked, rows.length);
    fill(pi, score, rows, want);
    left = Math.max(0, left - want);
  });
  // A class lifted to the minimum leaves less to the others, which may bring another one below it: repeat.
  for (;;) {
    fill(
      pi,
      score,
      shared.flatMap((k) => rowsOf[k]!),
      left,
    );
    const below = shared.find((k) => {
      const least = Math.min(minimum, rowsOf[k]!.length);
      return rowsOf[k]!.reduce((sum, i) => sum + pi[i]!, 0) < least - 1e-9;
    });
    if (below === undefined) return pi;
    const least = Math.min(minimum, rowsOf[below]!.length);
    fill(pi, score, rowsOf[below]!, least);
    left = Math.max(0, left - least);
    shared.splice(shared.indexOf(below), 1);
  }
}

function meetsMinimum(
  pi: Float64Array,
  score: Float64Array,
  y: Float64Array,
  nClasses: number,
  minimum: number,
): boolean {
  const mass = new Float64Array(nClasses);
  const counts = new Float64Array(nClasses);
  for (let i = 0; i < y.length; i++) {
    if (!(score[i]! > 0)) continue;
    counts[y[i]!]!++;
    mass[y[i]!]! += pi[i]!;
  }
  return counts.every((count, k) => mass[k]! >= Math.min(minimum, count) - 1e-9);
}

function fill(pi: Float64Array, score: Float64Array, rows: readonly number[] | undefined, size: number): void {
  if (rows === undefined) return fillAll(pi, score, size);
  const part = new Float64Array(rows.length);
  fillAll(
    part,
    part.map((_, k) => score[rows[k]!]!),
    size,
  );
  for (let k = 0; k < rows.length; k++) pi[rows[k]!] = part[k]!;
}

function fillAll(pi: Float64Array, score: Float64Array, size: number): void {
  const n = score.length;
  let nPositive = 0;
  for (let k = 0; k < n; k++) if (score[k]! > 0) nPositive++;
  if (nPositive <= size) {
    for (let k = 0; k < n; k++) pi[k] = score[k]! > 0 ? 1 : 0;
    return;
  }
  // Rows that reach 1 are set aside and c is found again for the rest, until nobody joins them.
  let c = 0;
  let bound = Infinity;
  for (let round = 0; round < 200; round++) {
    let mass = 0;
    let certain = 0;
    for (let k = 0; k < n; k++) {
      const s = score[k]!;
      if (s >= bound) certain++;
      else mass += s;
    }
    const next = mass > 0 ? Math.max(0, size - certain) / mass : Infinity;
    if (1 / next >= bound) break;
    c = next;
    bound = 1 / next;
  }
  for (let k = 0; k < n; k++) pi[k] = score[k]! > 0 ? Math.min(1, c * score[k]!) : 0;
}
