import type { PreprocessConfig } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { columnOf, type Table } from '../../kernels/table.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { Feature } from '../estimator.ts';
import { categoryPositions, categoryWidth, fitCategory, type CategoryPlan } from './categoryColumn.ts';
import type { InputColumn } from './columnPlan.ts';
import { fitNumber, timePart, type NumberPlan } from './numberColumn.ts';
import { fitText, textFeatures, type TextPlan } from './textColumn.ts';
import { preprocessToOnnx } from './toOnnx.ts';

export type ColumnPlan = NumberPlan | CategoryPlan | TextPlan;

/** What a fitted preprocessor is, as JSON. */
export interface PreprocessorState {
  readonly inputs: readonly InputColumn[];
  readonly plans: readonly ColumnPlan[];
  readonly warnings: readonly string[];
}

export interface FitOptions {
  /** The model takes missing values and category codes as they are (trees). */
  readonly isNative: boolean;
}

/** Texts with more levels than this, most of them once, are free text rather than categories. */
const FREE_TEXT_LEVELS = 100;

/** Learns from the training rows how raw columns become features. */
export function fitPreprocessor(
  table: Table,
  inputs: readonly InputColumn[],
  config: PreprocessConfig,
  { isNative }: FitOptions,
): Preprocessor {
  const plans: ColumnPlan[] = [];
  const warnings: string[] = [];
  for (const input of inputs) {
    const column = columnOf(table, input.name);
    const before = plans.length;
    if (column.kind === 'category') {
      const nSeen = new Set(column.codes).size;
      const isText = config.types[input.name] === 'text' || (nSeen > FREE_TEXT_LEVELS && nSeen > table.nRows / 2);
      if (isText && config.types[input.name] !== 'category') {
        const words = config.text === 'drop' ? null : fitText(column, config);
        if (words) plans.push(words);
        else
          warnings.push(
            `"${input.name}" is free text (${nSeen} different values) and is left out; preprocess.text: tfidf would use its words.`,
          );
        continue;
      }
      const plan = fitCategory(column, config, isNative);
      if (plan) plans.push(plan);
    } else {
      plans.push(...fitNumberColumn(input, column.values, config, isNative));
    }
    if (plans.length === before)
      warnings.push(`"${input.name}" has one value only in the training rows and is left out.`);
  }
  if (plans.length === 0) {
    throw new AppError({
      code: 'NO_FEATURES',
      message: 'No column is left to learn from: all are dropped, constant or free text.',
      fix: {
        kind: 'editConfig',
        label: 'Drop fewer columns, or use free text by its words with preprocess.text: tfidf',
      },
    });
  }
  const used = new Set(plans.map((plan) => plan.name));
  return new Preprocessor({ inputs: inputs.filter(({ name }) => used.has(name)), plans, warnings });
}

function fitNumberColumn(
  input: InputColumn,
  values: Float64Array,
  config: PreprocessConfig,
  isNative: boolean,
): NumberPlan[] {
  const parts: NumberPlan['part'][] =
    input.type === 'time' && config.dates ? ['value', 'month', 'weekday', 'hour'] : ['value'];
  const plans = parts.flatMap((part) => {
    const of = part === 'value' ? values : values.map((v) => timePart(v, part));
    return fitNumber(input.name, of, config, isNative, part) ?? [];
  });
  const hasMissing = values.some(Number.isNaN);
  if (config.missingIndicator && hasMissing && !isNative) {
    plans.push({ kind: 'number', name: input.name, part: 'value', fill: 0, offset: 0, scale: 1, isIndicator: true });
  }
  return plans;
}

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

  /** @returns shape (nRows, nFeatures), float32 */
  transform(table: Table): Matrix {
    const nCols = this.features.length;
    const data = new Float32Array(table.nRows * nCols);
    let at = 0;
    const writers = this.state.plans.map((plan) => {
      const writer = writerOf(plan, table, at);
      at += widthOf(plan);
      return writer;
    });
    // All columns of a block before the next block: column by column, every page of the matrix would be visited anew.
    for (let from = 0; from < table.nRows; from += BLOCK_ROWS) {
      const to = Math.min(table.nRows, from + BLOCK_ROWS);
      for (const write of writers) write(data, nCols, from, to);
    }
    return { data, nRows: table.nRows, nCols };
  }

  /** Adds a graph input per raw column (float64 or text, shape (n, 1)); returns float32 (n, nFeatures). */
  toOnnx(graph: OnnxGraph): OnnxValue {
    return preprocessToOnnx(graph, this.state, this.features.length);
  }
}

/** Writes rows [from, to) of its columns into `data`, shape (nRows, nCols). */
type Writer = (data: Float32Array, nCols: number, from: number, to: number) => void;

const BLOCK_ROWS = 512;

function writerOf(plan: ColumnPlan, table: Table, at: number): Writer {
  if (plan.kind === 'number') return numberWriter(plan, table, at);
  return plan.kind === 'text' ? textWriter(plan, table, at) : categoryWriter(plan, table, at);
}

/** Features a column becomes. */
function widthOf(plan: ColumnPlan): number {
  if (plan.kind === 'number') return 1;
  return plan.kind === 'text' ? plan.words.length : categoryWidth(plan);
}

function textWriter(plan: TextPlan, table: Table, at: number): Writer {
  const column = columnOf(table, plan.name);
  if (column.kind !== 'category') throw new RangeError(`column "${plan.name}" must be read as a category`);
  const known = new Map<number, ReturnType<typeof textFeatures>[number]>();
  const { codes, levels } = column;
  return (data, nCols, from, to) => {
    for (let i = from, cell = from * nCols + at; i < to; i++, cell += nCols) {
      const code = codes[i]!;
      if (code < 0) continue;
      let features = known.get(code);
      if (!features) known.set(code, (features = textFeatures(plan, [levels[code]!])[0]!));
      for (let k = 0; k < features.at.length; k++) data[cell + features.at[k]!] = features.value[k]!;
    }
  };
}

function numberWriter(plan: NumberPlan, table: Table, at: number): Writer {
  const column = columnOf(table, plan.name);
  if (column.kind !== 'number') throw new RangeError(`column "${plan.name}" must be read as numbers`);
  const { values } = column;
  const { part, fill, offset, scale, isIndicator } = plan;
  return (data, nCols, from, to) => {
    for (let i = from, cell = from * nCols + at; i < to; i++, cell += nCols) {
      const raw = part === 'value' ? values[i]! : timePart(values[i]!, part);
      const isMissing = Number.isNaN(raw);
      if (isIndicator) data[cell] = isMissing ? 1 : 0;
      else data[cell] = ((isMissing ? fill : raw) - offset) / scale;
    }
  };
}

function categoryWriter(plan: CategoryPlan, table: Table, at: number): Writer {
  const column = columnOf(table, plan.name);
  if (column.kind !== 'category') throw new RangeError(`column "${plan.name}" must be read as a category`);
  const { positions, missing } = categoryPositions(plan, column.levels);
  const { codes } = column;
  const isOneHot = plan.encode === 'oneHot';
  return (data, nCols, from, to) => {
    for (let i = from, cell = from * nCols + at; i < to; i++, cell += nCols) {
      const code = codes[i]!;
      const position = code < 0 ? missing : positions[code]!;
      if (!isOneHot) data[cell] = position < 0 ? NaN : position;
      else if (position >= 0) data[cell + position] = 1;
    }
  };
}

const PART_NAMES = { value: '', hour: ' hour', weekday: ' weekday', month: ' month' } as const;

function featuresOf(plan: ColumnPlan): Feature[] {
  if (plan.kind === 'number') {
    if (plan.isIndicator) return [{ name: `${plan.name} missing`, source: plan.name, kind: 'indicator' }];
    return [
      {
        name: `${plan.name}${PART_NAMES[plan.part]}`,
        source: plan.name,
        kind: 'number',
        offset: plan.offset,
        scale: plan.scale,
      },
    ];
  }
  if (plan.kind === 'text') {
    return plan.words.map((word) => ({ name: `${plan.name}: ${word}`, source: plan.name, kind: 'number' }));
  }
  const labels = [...plan.levels, ...(plan.hasRare ? ['other'] : []), ...(plan.hasMissing ? ['missing'] : [])];
  if (plan.encode === 'codes')
    return [{ name: plan.name, source: plan.name, kind: 'category', nLevels: labels.length }];
  return labels.map((label) => ({ name: `${plan.name} = ${label}`, source: plan.name, kind: 'indicator' }));
}
