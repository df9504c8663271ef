import type { PreprocessConfig } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { columnOf, takeTableRows, type Table } from '../../kernels/table.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { Feature } from '../estimator.ts';
import type { InputColumn } from './columnPlan.ts';
import { findDuplicates } from './duplicates.ts';
import { featuresOf } from './features.ts';
import { fitColumn, type ColumnFit } from './fitColumns.ts';
import { refuseCategories, refuseProducts, refuseSize } from './limits.ts';
import type { PreprocessorState, RawPlan } from './plans.ts';
import { fitProducts, type Factor, type ProductPlan } from './products.ts';
import type { TrainingTarget } from './targetEncoding.ts';
import { preprocessToOnnx } from './toOnnx.ts';
import { FeatureWriter, writeFeatures } from './writers.ts';

export interface FitOptions {
  /** The model takes missing values and category codes as they are (trees). */
  readonly isNative: boolean;
  /** Targets of the training rows; needed by `encode: target` only. */
  readonly target?: TrainingTarget;
  /** Bytes that are free; those of this machine when left out. */
  readonly memory?: number;
  /** Values of a number column that are not missing, ascending, where they are known: sorting takes most of the time. */
  readonly ascending?: (name: string) => Float64Array;
}

/**
 * Learns from the training rows how raw columns become features. Throws AppError NO_FEATURES, TOO_MANY_CATEGORIES,
 * TOO_MANY_INTERACTIONS, FEATURES_TOO_LARGE before anything of the features is allocated.
 */
export function fitPreprocessor(
  table: Table,
  inputs: readonly InputColumn[],
  config: PreprocessConfig,
  { isNative, target, memory = process.availableMemory(), ascending }: FitOptions,
): Preprocessor {
  const fit = { config, isNative, target, ascending };
  let { plans, warnings } = plansOf(table, inputs, fit);
  if (plans.length === 0 && config.text === 'drop') {
    // Text is all there is: without its words there would be no model.
    ({ plans, warnings } = plansOf(table, inputs, { ...fit, config: { ...config, text: 'tfidf' } }));
    warnings = [
      'Free text is all there is to learn from, so its words are used (preprocess.text: tfidf).',
      ...warnings,
    ];
  }
  if (plans.length === 0) throw noFeatures();
  refuseCategories(plans);
  const products = config.interactions ? productsOf(plans, inputs, table, config, isNative, memory) : [];
  refuseSize(table.nRows, plans, 0, memory);
  const used = new Set(plans.map((plan) => plan.name));
  return new Preprocessor({
    inputs: inputs.filter(({ name }) => used.has(name)),
    plans: [...plans, ...products],
    warnings,
  });
}

/** What becomes of each raw column, and why some are left out. */
function plansOf(
  table: Table,
  inputs: readonly InputColumn[],
  fit: ColumnFit,
): { plans: RawPlan[]; warnings: string[] } {
  const plans: RawPlan[] = [];
  const warnings: string[] = [];
  const repeats = fit.config.dropConstant
    ? findDuplicates(inputs.map(({ name }) => columnOf(table, name)))
    : new Map<string, string>();
  for (const input of inputs) {
    const found = fitColumn(input, columnOf(table, input.name), fit);
    const former = repeats.get(input.name);
    if (typeof found === 'string') warnings.push(found);
    else if (former === undefined) plans.push(...found);
    else warnings.push(`"${input.name}" says the same as "${former}" in every training row and is left out.`);
  }
  return { plans, warnings };
}

const noFeatures = (): AppError =>
  new AppError({
    code: 'NO_FEATURES',
    message: 'No column is left to learn from: all are dropped, constant or free text.',
    fix: {
      kind: 'editConfig',
      label: 'Drop fewer columns, or use free text by its words with preprocess.text: tfidf',
    },
  });

/** Products of the number columns; times and their parts are no amounts and have none. */
function productsOf(
  plans: readonly RawPlan[],
  inputs: readonly InputColumn[],
  table: Table,
  config: PreprocessConfig,
  isNative: boolean,
  memory: number,
): ProductPlan[] {
  const isTime = new Set(inputs.filter(({ type }) => type === 'time').map(({ name }) => name));
  const isFactor = (plan: RawPlan) => plan.kind === 'number' && !plan.isIndicator && !isTime.has(plan.name);
  const nFactors = plans.filter(isFactor).length;
  refuseProducts(nFactors);
  refuseSize(table.nRows, plans, nFactors, memory);
  const factors: Factor[] = [];
  let at = 0;
  for (const plan of plans) {
    const features = featuresOf(plan);
    if (isFactor(plan))
      factors.push({ at, feature: features[0]!, values: writeFeatures([plan], table).data as Float32Array });
    at += features.length;
  }
  return fitProducts(factors, !isNative && config.scale !== 'none', config.dropConstant);
}

/** Rows of a table copied at a time. */
const CHUNK_ROWS = 65_536;

/** Raw columns to a dense float32 matrix, the same numbers that the exported ONNX graph computes. */
export class Preprocessor {
  readonly state: PreprocessorState;
  readonly features: readonly Feature[];

  constructor(state: PreprocessorState) {
    this.state = state;
    this.features = state.plans.flatMap(featuresOf);
  }

  get inputs(): readonly InputColumn[] {
    return this.state.inputs;
  }

  /** Some features are means of the target: training rows need `transformTraining`. */
  get learnsTarget(): boolean {
    return this.state.plans.some(({ kind }) => kind === 'target');
  }

  /** Features of rows that were not trained on. @returns shape (nRows, nFeatures), float32 */
  transform(table: Table): Matrix {
    return writeFeatures(this.state.plans, table);
  }

  /** The same of some rows of a table, without a copy of all of their raw columns. @returns shape (rows.length, nFeatures) */
  transformRows(table: Table, rows: Uint32Array): Matrix {
    const nCols = this.features.length;
    const data = new Float32Array(rows.length * nCols);
    const writer = this.writer();
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const chunk = takeTableRows(table, rows.subarray(from, from + CHUNK_ROWS));
      writer.write(chunk, 0, chunk.nRows, data, from);
    }
    return { data, nRows: rows.length, nCols };
  }

  /** Writes features of many tables of one stream, each where it is wanted. */
  writer(): FeatureWriter {
    return new FeatureWriter(this.state.plans);
  }

  /**
   * Features of the rows it was fitted on, in the same order: as `transform`, but encodings by the target are cross-fitted,
   * so that no row's own target is in its features.
   */
  transformTraining(table: Table, target: TrainingTarget): Matrix {
    return writeFeatures(this.state.plans, table, target);
  }

  /** Adds a graph input per raw column (float64 or text, shape (n, 1)); returns float32 (n, nFeatures). */
  toOnnx(graph: OnnxGraph): OnnxValue {
    return preprocessToOnnx(graph, this.state, this.features.length);
  }
}
