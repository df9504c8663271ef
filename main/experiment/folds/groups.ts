import { permutation, type Rng } from '../../kernels/rng.ts';

/** Number of the group of each row, shape (n,), 0 … nGroups-1 by first occurrence; a negative code is a group of its own. */
export function groupNumbers(groups: ArrayLike<number>): { readonly of: Uint32Array; readonly nGroups: number } {
  const numbers = new Map<number, number>();
  const of = new Uint32Array(groups.length);
  let nGroups = 0;
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    let number = group < 0 ? undefined : numbers.get(group);
    if (number === undefined) {
      number = nGroups++;
      if (group >= 0) numbers.set(group, number);
    }
    of[i] = number;
  }
  return { of, nGroups };
}

/**
 * Deals whole groups out to `nParts` parts of about the same size, with shares of the classes as even as the groups allow:
 * large groups first, each to the part where Σ over classes (rows of the class / all rows of the class)² grows least; the
 * rows as a whole count as one class more.
 * @param y class of each row, or null where there are none
 * @returns part of each row, shape (n,)
 */
export function dealGroups(
  groups: ArrayLike<number>,
  y: ArrayLike<number> | null,
  nParts: number,
  rng: Rng,
): Uint8Array {
  const { of, nGroups } = groupNumbers(groups);
  const n = of.length;
  const sizes = new Uint32Array(nGroups);
  for (const g of of) sizes[g]!++;
  const starts = new Uint32Array(nGroups + 1);
  sizes.forEach((size, g) => (starts[g + 1] = starts[g]! + size));
  const members = new Uint32Array(n);
  const next = starts.slice();
  for (let i = 0; i < n; i++) members[next[of[i]!]!++] = i;
  const nClasses = y ? 1 + maxOf(y) : 0;
  const ofClass = new Float64Array(nClasses + 1);
  for (let i = 0; i < n; i++) if (y) ofClass[y[i]!]!++;
  ofClass[nClasses] = n;
  // Rows of each class in each part; the last column is all rows.
  const filled = new Float64Array(nParts * (nClasses + 1));
  // Groups of one size come in random order: the sort is stable.
  const order = permutation(nGroups, rng).sort((a, b) => sizes[b]! - sizes[a]!);
  const part = new Uint8Array(n);
  const own = new Float64Array(nClasses + 1);
  for (const g of order) {
    own.fill(0);
    own[nClasses] = sizes[g]!;
    if (y) for (let m = starts[g]!; m < starts[g + 1]!; m++) own[y[members[m]!]!]!++;
    let [best, least] = [0, Infinity];
    for (let p = 0; p < nParts; p++) {
      let growth = 0;
      for (let c = 0; c <= nClasses; c++)
        if (own[c]! > 0) growth += (own[c]! * filled[p * (nClasses + 1) + c]!) / ofClass[c]! ** 2;
      if (growth < least) [best, least] = [p, growth];
    }
    for (let c = 0; c <= nClasses; c++) filled[best * (nClasses + 1) + c]! += own[c]!;
    for (let m = starts[g]!; m < starts[g + 1]!; m++) part[members[m]!] = best;
  }
  return part;
}

function maxOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}
