import type { Folds } from '../../tune/folds.ts';
import { dealFolds, rowsOfFold } from './deal.ts';
import type { Foldable } from './foldable.ts';
import { LearnedFolds, MadeFolds } from './madeFolds.ts';

/** Folds of all training rows by the rule of the split; everything is learned from the rows a fold trains on. */
export function allRowsFolds(prepared: Foldable, nFolds: number, seed: number): Folds {
  const { rule, train, target } = prepared;
  const dealt = dealFolds(rule, { nFolds, seed, rows: train, isRegression: target.task === 'regression' });
  return new MadeFolds(new LearnedFolds(prepared, dealt), (k) => rowsOfFold(dealt, k));
}
