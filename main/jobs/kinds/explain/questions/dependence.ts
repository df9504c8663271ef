import type { PartialDependenceAnswer } from '../../../../contract/explain.ts';
import { AppError } from '../../../../contract/errors.ts';
import { createRng } from '../../../../kernels/rng.ts';
import type { TaskContext } from '../../../../kernels/task.ts';
import { partialDependence } from '../../../../models/explain/partialDependence.ts';
import type { AskedModel } from '../input.ts';
import { predictedOf, subjectOf, unitOf } from '../subject.ts';

const N_ROWS = 400;
const N_GRID = 30;
const N_ICE = 40;

/** How the prediction moves with one raw column. */
export async function dependence(input: AskedModel, task: TaskContext): Promise<PartialDependenceAnswer> {
  const {
    feature = '',
    nRows = N_ROWS,
    nGrid = N_GRID,
  } = input.args as {
    feature?: string;
    nRows?: number;
    nGrid?: number;
  };
  const subject = await subjectOf(input, 20_000);
  if (!subject.pipeline.preprocessor.inputs.some(({ name }) => name === feature)) {
    throw new AppError({
      code: 'COLUMN_UNKNOWN',
      message: `The model does not use a column "${feature}".`,
      fix: { kind: 'chooseColumn', label: 'Choose one of its columns' },
    });
  }
  const answer = await partialDependence(subject.table, feature, predictedOf(subject), {
    nRows,
    nGrid,
    nIce: N_ICE,
    rng: createRng(5),
    task,
  });
  return {
    rowsKind: 'validation',
    nRows: answer.nRows,
    feature,
    unit: unitOf(subject),
    x: [...answer.x],
    mean: [...answer.mean],
    ice: answer.ice.map((curve) => [...curve]),
    ...(answer.deciles && { deciles: [...answer.deciles] }),
  };
}
