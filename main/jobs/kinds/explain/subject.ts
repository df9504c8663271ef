import { isLessBetter, mainMetric } from '../../../evaluate/metricNames.ts';
import { scoreOn } from '../../../evaluate/scorer.ts';
import { createRng, permutation } from '../../../kernels/rng.ts';
import { takeTableRows, type Column, type Table } from '../../../kernels/table.ts';
import type { FittedPipeline } from '../../../models/pipeline/pipeline.ts';
import { readRows, type SplitRows } from '../../../experiment/rows/prepare.ts';
import type { AskedModel } from './input.ts';

/** A model and the validation rows it is explained on. */
export interface Subject {
  readonly pipeline: FittedPipeline;
  readonly rows: SplitRows;
  /** Raw inputs of validation rows, at most the number asked for. */
  readonly table: Table;
  readonly y: Float64Array;
  readonly rowIds: Uint32Array;
}

/** Reads up to `most` validation rows (or as many as suit the model), drawn with a fixed seed. */
export async function subjectOf(
  { pipeline, file, config }: AskedModel,
  most: number | ((pipeline: FittedPipeline) => number),
): Promise<Subject> {
  const nRows = typeof most === 'number' ? most : most(pipeline);
  const rows = await readRows(file, config);
  const { validation } = rows.split;
  const drawn =
    validation.length > nRows
      ? Uint32Array.from(permutation(validation.length, createRng(7)).subarray(0, nRows), (i) => validation[i]!).sort()
      : validation;
  return {
    pipeline,
    rows,
    table: takeTableRows(rows.features, drawn),
    y: Float64Array.from(drawn, (i) => rows.y[i]!),
    rowIds: drawn,
  };
}

/** The score of predictions for a table, larger is better, and what it is called. */
export function scoreOf(
  { pipeline, rows }: Subject,
  y: Float64Array,
): { metric: string; score: (table: Table) => Promise<number> } {
  const metric = mainMetric(rows.analysis.task);
  const sign = isLessBetter(metric) ? -1 : 1;
  const { fitted, preprocessor } = pipeline;
  return {
    metric,
    score: async (table) => sign * ((await scoreOn(fitted, preprocessor.transform(table), y, metric)) ?? NaN),
  };
}

/** What a prediction is told as: a probability of the last class, or the value. */
export const predictedOf = ({ pipeline, rows }: Subject, classIndex = rows.analysis.classes.length - 1) =>
  rows.target.task === 'regression'
    ? (table: Table) => pipeline.predict(table)
    : async (table: Table) => {
        const { data, nCols, nRows } = await pipeline.predictProba(table);
        return Float64Array.from({ length: nRows }, (_, i) => data[i * nCols + classIndex]!);
      };

/** The unit of `predictedOf`. */
export const unitOf = ({ rows, pipeline }: Subject, classIndex = rows.analysis.classes.length - 1): string =>
  rows.target.task === 'regression' ? pipeline.target : `probability of ${rows.analysis.classes[classIndex]}`;

/** A raw cell as a person reads it. */
export function cellOf(column: Column | undefined, row: number): string | number | null {
  if (!column) return null;
  if (column.kind === 'category') return column.levels[column.codes[row]!] ?? null;
  const value = column.values[row]!;
  return Number.isNaN(value) ? null : value;
}
