import { AppError } from '../../../../contract/errors.ts';
import { columnMeans } from '../../../../kernels/columnMeans.ts';
import type { Matrix } from '../../../../kernels/matrix.ts';
import { LEAF, type Ensemble } from '../../../../kernels/trees/ensemble.ts';
import type { TaskContext } from '../../../../kernels/task.ts';
import type { Fitted } from '../../../../models/estimator.ts';
import { sourcesOf, sumBySource } from '../../../../models/explain/groups.ts';
import { linearShap } from '../../../../models/explain/linearShap.ts';
import { treeShap, type ShapValues } from '../../../../models/explain/treeShap.ts';
import { hasCoefficients } from '../../../../models/linear/coefficients.ts';
import type { Subject } from '../subject.ts';

export interface Contributions {
  /** values[row][column]: how far the column moves this row's prediction from the base. */
  readonly values: number[][];
  readonly features: string[];
  readonly base: number;
  /** base + Σ values of each row. */
  readonly predictions: number[];
  readonly unit: string;
}

export const hasEnsemble = (fitted: Fitted): fitted is Fitted & { readonly ensemble: Ensemble } => 'ensemble' in fitted;

/** Leaves times rows that SHAP values of one model are worth: deep forests are explained on fewer rows. */
const MAX_WORK = 4e7;

/** Rows SHAP values are computed for: `most`, fewer for models of very many leaves. */
export function rowsToExplain(fitted: Fitted, most: number): number {
  if (!hasEnsemble(fitted)) return most;
  const nLeaves = fitted.ensemble.flags.reduce((sum, flags) => sum + (flags & LEAF ? 1 : 0), 0);
  return Math.min(most, Math.max(100, Math.round(MAX_WORK / nLeaves)));
}

/** Exact SHAP values of trees and linear models, added up by raw column; throws AppError EXPLAIN_NOT_FOR_MODEL for others. */
export async function contributions(
  subject: Subject,
  className: string | undefined,
  task: TaskContext,
): Promise<Contributions> {
  const { pipeline, table, rows } = subject;
  const { fitted, preprocessor } = pipeline;
  const X = preprocessor.transform(table);
  const { classes } = rows.analysis;
  const asked = className === undefined ? classes.length - 1 : classes.indexOf(className);
  const output = classes.length > 2 ? Math.max(0, asked) : 0;
  const { values, base, unit } = await shapOf(
    fitted,
    X,
    output,
    unitName(subject, classes[output === 0 && classes.length === 2 ? 1 : output]),
    task,
  );
  const { sources, place } = sourcesOf(preprocessor.features);
  const summed = sumBySource(values, X.nRows, place, sources.length);
  const byRow = Array.from({ length: X.nRows }, (_, i) => [
    ...summed.subarray(i * sources.length, (i + 1) * sources.length),
  ]);
  return {
    values: byRow,
    features: sources,
    base,
    predictions: byRow.map((row) => row.reduce((sum, v) => sum + v, base)),
    unit,
  };
}

interface Unit {
  readonly score: string;
  readonly probability: string;
}

function unitName({ rows, pipeline }: Subject, name: string | undefined): Unit {
  if (rows.target.task === 'regression') return { score: pipeline.target, probability: pipeline.target };
  return {
    score: rows.analysis.classes.length > 2 ? `score of ${name}` : `log-odds of ${name}`,
    probability: `probability of ${name}`,
  };
}

async function shapOf(
  fitted: Fitted,
  X: Matrix,
  output: number,
  unit: Unit,
  task: TaskContext,
): Promise<ShapValues & { unit: string }> {
  if (hasEnsemble(fitted)) {
    if ('baseline' in fitted) {
      const found = await treeShap(fitted.ensemble, X, output, 1, task);
      return { ...found, base: found.base + (fitted.baseline as Float64Array)[output]!, unit: unit.score };
    }
    const nTrees = fitted.ensemble.roots.length - 1;
    const found = await treeShap(fitted.ensemble, X, output, 1 / nTrees, task);
    return { ...found, base: found.base + ((fitted as { offset?: number }).offset ?? 0), unit: unit.probability };
  }
  if (hasCoefficients(fitted)) {
    const { coefficients, intercepts } = fitted;
    const d = coefficients.nCols;
    const coef = Float64Array.from(coefficients.data.subarray(output * d, (output + 1) * d));
    return { ...linearShap(coef, intercepts[output]!, columnMeans(X), X), unit: unit.score };
  }
  throw notForModel('Exact contributions', 'Look at permutation importance and dependence instead');
}

export const notForModel = (what: string, label: string): AppError =>
  new AppError({
    code: 'EXPLAIN_NOT_FOR_MODEL',
    message: `${what} cannot be computed for this model.`,
    fix: { kind: 'chooseQuestion', label },
  });
