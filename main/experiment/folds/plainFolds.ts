import { takeRows, takeValues } from '../../kernels/matrix.ts';
import { createRng } from '../../kernels/rng.ts';
import { kFolds, type Fold } from '../../tune/folds.ts';
import { encodedOn } from '../rows/encodedOn.ts';
import type { Part, Prepared } from '../rows/prepare.ts';

/**
 * Folds of all training rows or of a sample of them. Encodings by the target are learned for each fold from all training
 * rows but the fold's test rows.
 */
export function plainFolds(
  part: Part & { weight?: Float64Array },
  nFolds: number,
  seed: number,
  prepared: Prepared,
): Fold[] {
  const isRegression = prepared.target.task === 'regression';
  const tests = kFolds(part.y.length, nFolds, createRng(seed).fork('folds'), isRegression ? undefined : part.y);
  return tests.map((test) => {
    const isTest = new Uint8Array(part.y.length);
    for (const i of test) isTest[i] = 1;
    const training = Uint32Array.from(part.y.keys()).filter((i) => !isTest[i]);
    const weights = part.weight && {
      trainWeight: takeValues(part.weight, training),
      testWeight: takeValues(part.weight, test),
    };
    return {
      ...foldFeatures(part, training, test, prepared),
      trainY: takeValues(part.y, training),
      testY: takeValues(part.y, test),
      ...weights,
    };
  });
}

function foldFeatures(
  part: Part,
  training: Uint32Array,
  test: Uint32Array,
  prepared: Prepared,
): Pick<Fold, 'trainX' | 'testX'> {
  if (!prepared.trainTable) return { trainX: takeRows(part.X, training), testX: takeRows(part.X, test) };
  const position = new Map([...prepared.train.rowIds].map((id, i) => [id, i]));
  const positionsOf = (rows: Uint32Array) => rows.map((i) => position.get(part.rowIds[i]!)!);
  const testPositions = positionsOf(test);
  const isTest = new Set(testPositions);
  const known = prepared.train.rowIds.map((_, i) => i).filter((i) => !isTest.has(i));
  const encoded = encodedOn(prepared, known);
  const place = new Map([...known].map((at, i) => [at, i]));
  return {
    trainX: takeRows(
      encoded.X,
      positionsOf(training).map((at) => place.get(at)!),
    ),
    testX: encoded.others(testPositions),
  };
}
