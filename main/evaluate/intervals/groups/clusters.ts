import { createRng, shuffle } from '../../../kernels/rng.ts';
import { effectiveRows } from '../interval.ts';

/** Rows that depend on each other, numbered 0 … nClusters − 1. */
export interface Clusters {
  /** Of each row, shape (nSamples,). */
  readonly of: Uint32Array;
  readonly nClusters: number;
}

/** More are joined at random: each costs a pass over the rows, and a variance from 200 is known to 10 %. */
const MOST = 200;
const FEWEST = 50;
/** Rows × classes × clusters that are passed over at most, as long as 50 clusters are left. */
const MOST_STEPS = 2e8;

/**
 * Clusters of the groups' codes; a negative code is a group of its own row, as in the split.
 * @param groups shape (nSamples,)  @param width classes: numbers that a pass looks at for each row
 */
export function clustersOf(groups: ArrayLike<number>, width: number): Clusters {
  const number = new Map<number, number>();
  const of = new Uint32Array(groups.length);
  let nClusters = 0;
  for (let i = 0; i < of.length; i++) {
    const code = groups[i]!;
    let k = code < 0 ? undefined : number.get(code);
    if (k === undefined) {
      k = nClusters++;
      if (code >= 0) number.set(code, k);
    }
    of[i] = k;
  }
  const most = Math.max(FEWEST, Math.min(MOST, Math.floor(MOST_STEPS / (of.length * width))));
  if (nClusters <= most) return { of, nClusters };
  // As many groups in each, which ones by lot.
  const joined = Uint32Array.from({ length: nClusters }, (_, k) => k % most);
  shuffle(joined, createRng(5).fork('clusters'));
  return { of: of.map((k) => joined[k]!), nClusters: most };
}

/** Clusters that count, (Σn)²/Σn² of their rows (Kish 1965): fewer than there are where some are larger. */
export function effectiveClusters({ of, nClusters }: Clusters, isIn: (row: number) => boolean = () => true): number {
  const rows = new Float64Array(nClusters);
  for (let i = 0; i < of.length; i++) if (isIn(i)) rows[of[i]!]! += 1;
  let [sum, squares] = [0, 0];
  for (const n of rows) {
    sum += n;
    squares += n * n;
  }
  return effectiveRows(sum, squares);
}
