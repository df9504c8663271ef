import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';
import type { FitContext, HoldOut, TargetInfo } from '../estimator.ts';

/** Fewer held-out rows say too little of when to stop. */
export const LEAST_HELD = 5;

/** What of a fit's context decides which rows are held out. */
export type HoldOutContext = Pick<FitContext, 'rng' | 'sampleWeight' | 'holdOut'>;

/** Rows as a fit takes them. */
export interface FitRows {
  readonly X: Matrix;
  readonly y: Float64Array;
  /** Absent means ones. */
  readonly w: Float64Array | undefined;
}

/**
 * A part of the training rows for what chooses while fitting, by the context's rule or else at random: `share` of every
 * class (Webster's apportionment, so that together they are `share` of all rows), of which at least one row stays in training.
 * Rows of weight 0 are in neither part and do not sway the draw; weights follow their rows. Where a rule holds out all rows
 * of a class, they are trained on after all: a model must know its classes. The same generator holds out the same rows,
 * also when a fit is resumed.
 * @returns null where fewer than LEAST_HELD rows, or for classes fewer than two classes, would be in either part: then a fit
 * trains on all rows and chooses nothing
 */
export function holdOutRows(
  y: Float64Array,
  target: TargetInfo,
  share: number,
  { rng, sampleWeight, holdOut }: HoldOutContext,
): HoldOut | null {
  const found: HoldOut | null = holdOut ? holdOut(share) : draw(y, target, share, rng.fork('hold out'), sampleWeight);
  if (found === null) return null;
  const counting = {
    train: counted(found.train, found.trainWeight ?? sampleWeight, found.trainWeight !== undefined),
    held: counted(found.held, found.heldWeight ?? sampleWeight, found.heldWeight !== undefined),
  };
  const { train, held } = target.task === 'regression' ? counting : withAllClasses(counting, y);
  if (!isEnough(train.rows, y, target) || !isEnough(held.rows, y, target)) return null;
  return {
    train: train.rows,
    held: held.rows,
    ...(train.weight && { trainWeight: train.weight }),
    ...(held.weight && { heldWeight: held.weight }),
  };
}

/** The two parts of the rows of a fit. @param parts from `holdOutRows`, so that all weights are their own */
export function splitHeld(
  X: Matrix,
  y: Float64Array,
  parts: HoldOut,
): { readonly train: FitRows; readonly held: FitRows } {
  const take = (at: Uint32Array, w: Float64Array | undefined): FitRows => ({
    X: takeRows(X, at),
    y: takeValues(y, at),
    w,
  });
  return { train: take(parts.train, parts.trainWeight), held: take(parts.held, parts.heldWeight) };
}

interface Counted {
  readonly rows: Uint32Array;
  readonly weight: Float64Array | undefined;
}

/** Rows that count, with their weights. @param isOwn whether `w` is by place in `rows`, else by row of X */
function counted(rows: Uint32Array, w: Float64Array | undefined, isOwn: boolean): Counted {
  if (!w) return { rows, weight: undefined };
  const weight = isOwn ? w : takeValues(w, rows);
  if (weight.every((v) => v > 0)) return { rows, weight };
  return { rows: rows.filter((_, k) => weight[k]! > 0), weight: weight.filter((v) => v > 0) };
}

type Parts = Readonly<Record<'train' | 'held', Counted>>;

/** Held-out rows of classes that no training row has go to training, behind the others. */
function withAllClasses(parts: Parts, y: Float64Array): Parts {
  const { train, held } = parts;
  const known = new Set<number>();
  for (const row of train.rows) known.add(y[row]!);
  const isKnown = (row: number) => known.has(y[row]!);
  if (held.rows.every(isKnown)) return parts;
  const weightAt = ({ weight }: Counted, k: number) => (weight ? weight[k]! : 1);
  const all = [
    ...Array.from(train.rows, (row, k) => ({ row, w: weightAt(train, k), isHeld: false })),
    ...Array.from(held.rows, (row, k) => ({ row, w: weightAt(held, k), isHeld: isKnown(row) })),
  ];
  const isWeighted = train.weight !== undefined || held.weight !== undefined;
  const part = (of: boolean): Counted => {
    const own = all.filter(({ isHeld }) => isHeld === of);
    const weight = isWeighted ? Float64Array.from(own, ({ w }) => w) : undefined;
    return { rows: Uint32Array.from(own, ({ row }) => row), weight };
  };
  return { train: part(false), held: part(true) };
}

function isEnough(rows: Uint32Array, y: Float64Array, { task }: TargetInfo): boolean {
  if (rows.length < LEAST_HELD) return false;
  return task === 'regression' || rows.some((row) => y[row] !== y[rows[0]!]);
}

function draw(y: Float64Array, { task }: TargetInfo, share: number, rng: Rng, w: Float64Array | undefined): HoldOut {
  const rows = Uint32Array.from(y.keys()).filter((i) => !w || w[i]! > 0);
  const nHeld = Math.round(share * rows.length);
  const order = permutation(rows.length, rng).map((k) => rows[k]!);
  const byClass = new Map<number, number[]>();
  for (const row of order) {
    const stratum = task === 'regression' ? 0 : y[row]!;
    const members = byClass.get(stratum);
    if (members) members.push(row);
    else byClass.set(stratum, [row]);
  }
  const nOf = heldOfEach(
    [...byClass.values()].map(({ length }) => length),
    share,
    nHeld,
  );
  const isHeld = new Uint8Array(y.length);
  [...byClass.values()].forEach((members, c) => {
    for (let k = 0; k < nOf[c]!; k++) isHeld[members[k]!] = 1;
  });
  return { train: rows.filter((row) => !isHeld[row]), held: rows.filter((row) => isHeld[row] === 1) };
}

/** How many rows each class gives up: about its share, `total` together where that leaves each a row for training. */
function heldOfEach(sizes: readonly number[], share: number, total: number): number[] {
  const held = sizes.map((m) => Math.min(m - 1, Math.round(share * m)));
  let missing = total - held.reduce((sum, h) => sum + h, 0);
  // Webster: the next row comes from the class whose half row is worth most, the one too many from where it is worth least.
  for (; missing > 0; missing--) {
    const next = lowest(held.map((h, c) => (h < sizes[c]! - 1 ? (h + 0.5) / sizes[c]! : Infinity)));
    if (next === null) break;
    held[next]!++;
  }
  for (; missing < 0; missing++) held[lowest(held.map((h, c) => (h > 0 ? (0.5 - h) / sizes[c]! : Infinity)))!]!--;
  return held;
}

/** Place of the smallest finite value, the first of equal ones. */
function lowest(values: readonly number[]): number | null {
  let best: number | null = null;
  values.forEach((value, i) => {
    if (value < (best === null ? Infinity : values[best]!)) best = i;
  });
  return best;
}
