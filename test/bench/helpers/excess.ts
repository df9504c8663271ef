import { fitLinear } from '../../../main/coreset/services/linearLoss/fit.ts';
import { lossOf } from '../../../main/coreset/services/linearLoss/loss.ts';
import { linearObjective } from '../../../main/coreset/services/linearLoss/solve.ts';
import { nClassesOf, type WeightedRows } from '../../../main/coreset/rows.ts';
import { fitLogistic } from '../../../main/models/linear/logisticFit.ts';
import type { CoresetData } from './coresetData.ts';

/** A linear model on all rows, and how far fits on weighted samples of them lie above its optimum. */
export interface FullProblem {
  readonly data: CoresetData;
  readonly nClasses: number;
  /** f at the optimum over all rows. */
  readonly optimum: number;
  /** Coefficients fitted on weighted rows, shape (nOut, q). */
  fit(rows: WeightedRows, C?: number): Promise<Float64Array>;
  /** C Σ loss + ½‖β‖² over all rows; ½ Σ r² for regression. */
  objective(beta: Float64Array, C?: number): number;
  /** 100 (f(β_rows) / f(β_opt) − 1); Infinity where the rows cannot be fitted (a class is missing). */
  excess(rows: WeightedRows): Promise<number>;
}

/** Far below the excesses that are compared: a fit stops when a step would gain 1e-12 of the objective. */
const TOL = 1e-6;

export async function fullProblem(data: CoresetData, threads: number): Promise<FullProblem> {
  const nClasses = nClassesOf(data.target);
  const loss = lossOf(nClasses === 1 ? 'squared' : nClasses === 2 ? 'logistic' : 'softmax', data.target);
  const penalty = nClasses === 1 ? 0 : 1;
  const all: WeightedRows = { X: data.X, y: data.y, weight: new Float64Array(data.y.length).fill(1) };
  const fit = async ({ X, y, weight }: WeightedRows, C = 1) => {
    if (nClasses === 1) return fitLinear({ X, y, weight }, loss, { C, penalty }).beta;
    return (await fitLogistic(X, y, weight, { C, nClasses, tol: TOL, maxIter: 400, threads })).coef;
  };
  const objective = (beta: Float64Array, C = 1) => linearObjective(all, loss, beta, { C, penalty });
  const optimum = objective(await fit(all));
  return {
    data,
    nClasses,
    optimum,
    fit,
    objective,
    async excess(rows) {
      if (nClasses > 1 && new Set(rows.y).size < 2) return Infinity;
      return 100 * (objective(await fit(rows)) / optimum - 1);
    },
  };
}
