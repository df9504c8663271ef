import type { Evaluation } from '../../contract/run.ts';
import { evaluateClassifier, evaluateRegressor } from '../../evaluate/evaluate.ts';
import { createRng } from '../../kernels/rng.ts';
import type { Prepared } from '../rows/prepare.ts';
import type { Judged } from '../seal/judged.ts';

/** Resamples for intervals: fewer on many rows, where intervals are narrow anyway. */
const resamplesFor = (nRows: number): number => Math.round(Math.min(200, Math.max(40, 1_000_000 / nRows)));

export function evaluateOn(
  { model: { rows, nFitRows }, said }: Judged,
  data: Prepared,
  isDetailed: boolean,
): Evaluation {
  const context = {
    rows,
    nFitRows,
    rng: createRng(7).fork(rows),
    nResamples: isDetailed ? resamplesFor(data.validation.y.length) : 0,
    ...(isDetailed && { sliceTable: data.validationTable }),
  };
  return 'proba' in said
    ? evaluateClassifier(said.proba, data.validation.y, data.analysis.classes, context)
    : evaluateRegressor(said.predicted, data.validation.y, context);
}
