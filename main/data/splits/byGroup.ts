import { AppError } from '../../contract/errors.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';
import { farFromWanted, rowsText, type Dealt, type Positions, type Wanted } from './parts.ts';

/** Draws compared; fewer where groups are so many that one draw is even. */
const MAX_DRAWS = 40;
const MOST_DEALS = 400_000;
/** Held-out groups below which a score says little about a new group. */
const FEW_GROUPS = 5;

/**
 * Whole groups for each part. Of several draws the one is kept whose parts come nearest to the wanted sizes and, where
 * `classes` are given, to the classes' shares: groups can be parted no finer. A row of group -1 is a group of its own.
 * Throws AppError SPLIT_ONE_GROUP where there are fewer groups than parts.
 */
export function dealByGroup(
  groups: ArrayLike<number>,
  classes: ArrayLike<number> | undefined,
  wanted: Wanted,
  column: string,
  rng: Rng,
): Dealt {
  const n = groups.length;
  const { groupOf, sizes, nMissing } = numbered(groups);
  const nGroups = sizes.length;
  const nParts = wanted.test > 0 ? 3 : 2;
  if (nGroups < nParts) throw tooFewGroups(nGroups, nParts, column);
  const score = unevenness(groupOf, classes, wanted);
  const nDraws = Math.max(1, Math.min(MAX_DRAWS, Math.floor(MOST_DEALS / nGroups)));
  let best: { part: Uint8Array; cost: number } | undefined;
  for (let d = 0; d < nDraws; d++) {
    const part = draw(sizes, wanted, rng);
    const cost = score(part);
    if (!best || cost < best.cost) best = { part, cost };
  }
  const { part } = best!;
  const rows: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < n; i++) rows[part[groupOf[i]!] as 0 | 1 | 2].push(i);
  const parts: Positions = { train: rows[TRAIN], validation: rows[VALIDATION], test: rows[TEST] };
  const nHeld = part.reduce((sum, p) => sum + Number(p === VALIDATION), 0);
  const alone = nMissing === 0 ? '' : ` ${rowsText(nMissing)} without a ${column} count as groups of one row.`;
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const far = farFromWanted(parts, wanted, n).map(
    (text) => `${text} Groups stay whole, and the largest ${column} has ${rowsText(largest)}.`,
  );
  const few = `Only ${nHeld} of ${nGroups.toLocaleString('en-US')} groups ${nHeld === 1 ? 'is' : 'are'} for validation: the scores say little about another ${column}.`;
  return {
    parts,
    note: `${nGroups.toLocaleString('en-US')} groups by ${column} stay together; ${nHeld.toLocaleString('en-US')} of them are for validation.${alone}`,
    warnings: [...far, ...(nHeld < FEW_GROUPS ? [few] : [])],
  };
}

const TRAIN = 0;
const VALIDATION = 1;
const TEST = 2;

/** Groups numbered from 0 on as they come; rows of each. */
function numbered(groups: ArrayLike<number>): { groupOf: Uint32Array; sizes: Uint32Array; nMissing: number } {
  const ids = new Map<number, number>();
  let nMissing = 0;
  const groupOf = new Uint32Array(groups.length);
  for (let i = 0; i < groups.length; i++) {
    if (groups[i]! < 0) nMissing++;
    const group = groups[i]! < 0 ? -2 - i : groups[i]!;
    let id = ids.get(group);
    if (id === undefined) ids.set(group, (id = ids.size));
    groupOf[i] = id;
  }
  const sizes = new Uint32Array(ids.size);
  for (const g of groupOf) sizes[g]!++;
  return { groupOf, sizes, nMissing };
}

/** Part of each group: held-out parts take groups at random while one more brings them nearer to their size. */
function draw(sizes: Uint32Array, wanted: Wanted, rng: Rng): Uint8Array {
  const order = permutation(sizes.length, rng);
  const part = new Uint8Array(sizes.length);
  for (const [which, size] of [
    [VALIDATION, wanted.validation],
    [TEST, wanted.test],
  ] as const) {
    if (size === 0) continue;
    let has = 0;
    let smallest = -1;
    for (const g of order) {
      if (part[g] !== TRAIN) continue;
      const more = sizes[g]!;
      if (smallest < 0 || more < sizes[smallest]!) smallest = g;
      if (has + more - size > size - has) continue;
      part[g] = which;
      has += more;
      if (has >= size) break;
    }
    // Every group is larger than twice the part: it takes the smallest there is.
    if (has === 0) part[smallest] = which;
  }
  return part;
}

/** How far a draw's parts are from the wanted sizes, Σ (rows − wanted)² / wanted by class; lacking classes weigh most. */
function unevenness(groupOf: Uint32Array, classes: ArrayLike<number> | undefined, wanted: Wanted) {
  const n = groupOf.length;
  const ids = new Map<number, number>();
  const classOf = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const key = classes ? classes[i]! : 0;
    let id = ids.get(key);
    if (id === undefined) ids.set(key, (id = ids.size));
    classOf[i] = id;
  }
  const nClasses = ids.size;
  const total = new Float64Array(nClasses);
  for (const k of classOf) total[k]!++;
  const counts = new Float64Array(3 * nClasses);
  return (part: Uint8Array): number => {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[part[groupOf[i]!]! * nClasses + classOf[i]!]!++;
    let cost = 0;
    for (const [which, size] of [
      [VALIDATION, wanted.validation],
      [TEST, wanted.test],
    ] as const) {
      if (size === 0) continue;
      for (let k = 0; k < nClasses; k++) {
        const share = (total[k]! * size) / n;
        cost += (counts[which * nClasses + k]! - share) ** 2 / share;
        // A class that is only scored, or never, is worse than any uneven share.
        if (counts[which * nClasses + k] === 0) cost += n;
        if (counts[k] === 0) cost += 1000 * n;
      }
    }
    return cost;
  };
}

function tooFewGroups(nGroups: number, nParts: number, column: string): AppError {
  return new AppError({
    code: 'SPLIT_ONE_GROUP',
    message: `split.group: ${column} has ${nGroups} ${nGroups === 1 ? 'value' : 'values'} in these rows, too few for ${nParts} parts of whole groups.`,
    fix: { kind: 'setOption', label: 'Split without groups', args: { 'split.group': null } },
  });
}
