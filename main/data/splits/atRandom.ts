import { shuffle, type Rng } from '../../kernels/rng.ts';
import { strataOf } from '../../kernels/strata.ts';
import type { Dealt, Wanted } from './parts.ts';

/** Rows at random, each class by the same shares where `classes` are given. One row of a class is always trained on. */
export function dealAtRandom(n: number, classes: ArrayLike<number> | undefined, wanted: Wanted, rng: Rng): Dealt {
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (const rows of strataOf(n, classes)) {
    const list = shuffle(rows, rng);
    // A class without a row to train on could not be learned.
    const nValidation = Math.min(list.length - 1, Math.round((list.length * wanted.validation) / n));
    const nTest = Math.min(list.length - 1 - nValidation, Math.round((list.length * wanted.test) / n));
    list.forEach((i, at) => {
      const part = at < nValidation ? 'validation' : at < nValidation + nTest ? 'test' : 'train';
      parts[part].push(i);
    });
  }
  return {
    parts,
    note: `Rows are split at random${classes ? ', with equal class shares in every part' : ''}.`,
    warnings: [],
  };
}
