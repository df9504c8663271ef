import type { Evaluation } from '../../contract/run.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import type { Prepared } from '../rows/prepare.ts';
import type { Judged } from '../seal/judged.ts';

export function evaluateOn(
  { model: { rows, nFitRows }, said }: Judged,
  data: Prepared,
  isDetailed: boolean,
): Evaluation {
  return evaluate(said, data.validation.y, data.analysis.classes, {
    rows,
    nFitRows,
    hasIntervals: isDetailed,
    groups: data.validationGroups,
    ...(isDetailed && { sliceTable: data.validationTable }),
  });
}
