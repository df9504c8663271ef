import { calibratedFold } from '../../coreset/tree/folds.ts';
import type { Folds } from '../../tune/folds.ts';
import { holdOutOfCoreset } from './coresetHoldOut.ts';
import { coresetParts, type Drawn } from './coresetParts.ts';
import { trainsOn, type Dealt } from './deal.ts';
import type { Foldable } from './foldable.ts';
import { MadeFolds, type FoldRows, type LearnedFolds } from './madeFolds.ts';

/**
 * Rows of a coreset as folds that stand for folds of all training rows. What a fold learns of columns is learned from all
 * training rows on its training side; weights are calibrated to the totals of the rows on each side.
 */
export function coresetFolds(drawn: Drawn, learned: LearnedFolds): Folds {
  const { prepared, dealt } = learned;
  return new MadeFolds(learned, foldRows(drawn, prepared, dealt));
}

/** The rows and weights of each fold of a coreset, as positions among the training rows. */
export function foldRows(drawn: Drawn, prepared: Foldable, dealt: Dealt): (fold: number) => FoldRows {
  const known = coresetParts(drawn, prepared, dealt);
  const { parts, positions } = known;
  const { tree, coreset, fitWeights } = drawn;
  return (fold) => {
    const isTrain = (part: number) => trainsOn(dealt, part, fold);
    const isTest = (part: number) => dealt.scoredBy[part] === fold;
    const { trainRows, trainWeights, testRows, testWeights } = calibratedFold(tree, coreset, parts, isTrain, isTest);
    return {
      train: trainRows.map((i) => positions[i]!),
      trainWeight: fitWeights(trainWeights),
      holdOut: holdOutOfCoreset(() => known, isTrain, trainRows),
      test: testRows.map((i) => positions[i]!),
      testWeight: testWeights,
    };
  };
}
