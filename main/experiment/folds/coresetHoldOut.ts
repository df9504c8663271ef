import { calibratedFold } from '../../coreset/tree/folds.ts';
import { createRng, permutation } from '../../kernels/rng.ts';
import { coresetParts, dealForTree, type CoresetParts, type Drawn } from './coresetParts.ts';
import { possibleFolds } from './deal.ts';
import type { Foldable } from './foldable.ts';
import { HOLD_OUT_SEED, keptByShare, type HoldsOut } from './holdOut.ts';

/** Parts are several to a fold of these. */
const N_FOLDS = 5;

/** Holds rows out of a fit on the whole coreset. */
export function holdOutOfWhole(drawn: Drawn, prepared: Foldable): HoldsOut {
  const nFolds = Math.min(N_FOLDS, possibleFolds(prepared.rule));
  const partsOf = () => coresetParts(drawn, prepared, dealForTree(prepared, drawn.tree, nFolds, HOLD_OUT_SEED));
  return holdOutOfCoreset(partsOf, () => true, Uint32Array.from(drawn.coreset.y.keys()));
}

/**
 * Holds rows out of a fit on rows of a coreset: whole parts, chosen by the rule of the split, with weights calibrated to the
 * totals of all rows of those parts and of the others.
 * @param partsOf asked when the first rows are held out
 * @param isTrain parts the fit trains on
 * @param rows of the fit, by position in the coreset
 */
export function holdOutOfCoreset(
  partsOf: () => CoresetParts,
  isTrain: (part: number) => boolean,
  rows: Uint32Array,
): HoldsOut {
  return keptByShare((share) => {
    const { drawn, parts, isForward } = partsOf();
    const { tree, coreset, fitWeights } = drawn;
    const place = new Map(Array.from(rows, (row, at) => [row, at]));
    const sizes = new Float64Array(parts.nParts);
    for (const row of rows) sizes[parts.part[row]!]!++;
    const training = Uint32Array.from(sizes.keys()).filter((p) => sizes[p]! > 0 && isTrain(p));
    if (training.length < 2) return null;
    const order = isForward
      ? training.toReversed()
      : permutation(training.length, createRng(HOLD_OUT_SEED).fork('hold out')).map((i) => training[i]!);
    const isHeld = takeUpTo(sizes, share * rows.length, order);
    const found = calibratedFold(
      tree,
      coreset,
      parts,
      (part) => isTrain(part) && isHeld[part] === 0,
      (part) => isHeld[part] === 1,
    );
    const at = (positions: Uint32Array) => positions.map((row) => place.get(row)!);
    return {
      train: at(found.trainRows),
      held: at(found.testRows),
      trainWeight: fitWeights(found.trainWeights),
      heldWeight: found.testWeights,
    };
  });
}

/** Marks parts in order while that brings their rows nearer to those wanted; one at least, and never all. */
function takeUpTo(sizes: Float64Array, wanted: number, order: Iterable<number>): Uint8Array {
  const isTaken = new Uint8Array(sizes.length);
  const parts = [...order];
  let n = 0;
  for (const p of parts.slice(0, -1)) {
    if (n > 0 && n + sizes[p]! / 2 > wanted) break;
    isTaken[p] = 1;
    n += sizes[p]!;
  }
  return isTaken;
}
