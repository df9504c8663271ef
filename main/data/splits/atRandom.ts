import { shuffle, type Rng } from '../../kernels/rng.ts';
import type { Dealt, Wanted } from './parts.ts';

/** Rows at random, each class by the same shares where `classes` are given. One row of a class is always trained on. */
export function dealAtRandom(n: number, classes: ArrayLike<number> | undefined, wanted: Wanted, rng: Rng): Dealt {
  const strata = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const key = classes ? classes[i]! : 0;
    const list = strata.get(key);
    if (list) list.push(i);
    else strata.set(key, [i]);
  }
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (const key of [...strata.keys()].toSorted((a, b) => a - b)) {
    const list = shuffle(strata.get(key)!, rng);
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
