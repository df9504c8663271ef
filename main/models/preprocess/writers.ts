import type { Matrix } from '../../kernels/matrix.ts';
import { columnOf, type CategoryColumn, type Table } from '../../kernels/table.ts';
import { categoryPositions, type CategoryPlan } from './categoryColumn.ts';
import { widthOf } from './features.ts';
import { hashFeature, type HashPlan } from './hashColumn.ts';
import { hashedTextFeatures } from './hashedText.ts';
import { numberValue, type NumberPlan } from './numberColumn.ts';
import type { ColumnPlan } from './plans.ts';
import type { ProductPlan } from './products.ts';
import { crossFitted, rowLevels, targetFeatures, type TargetPlan } from './targetColumn.ts';
import type { TrainingTarget } from './targetEncoding.ts';
import { textFeatures, type TextFeatures } from './textColumn.ts';

/** Writes rows [from, to) of its columns into `data`, shape (nRows, nCols), which starts as zeros. */
type Writer = (data: Float32Array, nCols: number, from: number, to: number) => void;

const BLOCK_ROWS = 512;

/**
 * The features of a table by the plans, shape (nRows, nFeatures), float32.
 * @param training given when these are the training rows: their target encodings are the cross-fitted ones
 */
export function writeFeatures(plans: readonly ColumnPlan[], table: Table, training?: TrainingTarget): Matrix {
  let nCols = 0;
  const writers = plans.map((plan) => {
    const writer = writerOf(plan, table, nCols, training);
    nCols += widthOf(plan);
    return writer;
  });
  const data = new Float32Array(table.nRows * nCols);
  // All columns of a block before the next block: column by column, every page of the matrix would be visited anew.
  for (let from = 0; from < table.nRows; from += BLOCK_ROWS) {
    const to = Math.min(table.nRows, from + BLOCK_ROWS);
    for (const write of writers) write(data, nCols, from, to);
  }
  return { data, nRows: table.nRows, nCols };
}

function writerOf(plan: ColumnPlan, table: Table, at: number, training: TrainingTarget | undefined): Writer {
  switch (plan.kind) {
    case 'number':
      return numberWriter(plan, table, at);
    case 'product':
      return productWriter(plan, at);
    case 'category':
      return categoryWriter(plan, categoryColumn(table, plan.name), at);
    case 'target':
      return targetWriter(plan, categoryColumn(table, plan.name), at, training);
    case 'hash':
      return hashWriter(plan, categoryColumn(table, plan.name), at);
    case 'text':
      return textWriter(textFeatures(plan), categoryColumn(table, plan.name), at);
    case 'hashedText':
      return textWriter((text) => hashedTextFeatures(plan, text), categoryColumn(table, plan.name), at);
  }
}

function categoryColumn(table: Table, name: string): CategoryColumn {
  const column = columnOf(table, name);
  if (column.kind !== 'category') throw new RangeError(`column "${name}" must be read as a category`);
  return column;
}

function numberWriter(plan: NumberPlan, table: Table, at: number): Writer {
  const column = columnOf(table, plan.name);
  if (column.kind !== 'number') throw new RangeError(`column "${plan.name}" must be read as numbers`);
  const { values } = column;
  return (data, nCols, from, to) => {
    for (let i = from, cell = from * nCols + at; i < to; i++, cell += nCols) data[cell] = numberValue(plan, values[i]!);
  };
}

/** Reads what the writers before it wrote. */
function productWriter({ factors: [a, b], offset, scale }: ProductPlan, at: number): Writer {
  return (data, nCols, from, to) => {
    for (let i = from, row = from * nCols; i < to; i++, row += nCols)
      data[row + at] = (data[row + a]! * data[row + b]! - offset) / scale;
  };
}

function categoryWriter(plan: CategoryPlan, { codes, levels }: CategoryColumn, at: number): Writer {
  const { positions, missing } = categoryPositions(plan, levels);
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

function targetWriter(plan: TargetPlan, column: CategoryColumn, at: number, training?: TrainingTarget): Writer {
  const nOutputs = plan.outputs.length;
  if (training) {
    const own = targetFeatures(plan, crossFitted(plan, column, training));
    return (data, nCols, from, to) => {
      for (let i = from; i < to; i++)
        for (let k = 0; k < nOutputs; k++) data[i * nCols + at + k] = own[i * nOutputs + k]!;
    };
  }
  const features = targetFeatures(plan, plan.values);
  const rows = rowLevels(plan, column);
  const unknown = features.length / nOutputs - 1;
  return (data, nCols, from, to) => {
    for (let i = from; i < to; i++) {
      const level = rows[i]! < 0 ? unknown : rows[i]!;
      for (let k = 0; k < nOutputs; k++) data[i * nCols + at + k] = features[level * nOutputs + k]!;
    }
  };
}

function hashWriter(plan: HashPlan, { codes, levels }: CategoryColumn, at: number): Writer {
  const featureOf = hashFeature(plan);
  const known = new Map<number, ReturnType<typeof featureOf>>();
  return (data, nCols, from, to) => {
    for (let i = from; i < to; i++) {
      const code = codes[i]!;
      let feature = known.get(code);
      if (!feature) known.set(code, (feature = featureOf(code < 0 ? '' : levels[code]!)));
      if (feature.at >= 0) data[i * nCols + at + feature.at] = feature.value;
    }
  };
}

function textWriter(featuresOf: (text: string) => TextFeatures, { codes, levels }: CategoryColumn, at: number): Writer {
  const known = new Map<number, TextFeatures>();
  return (data, nCols, from, to) => {
    for (let i = from, cell = from * nCols + at; i < to; i++, cell += nCols) {
      const code = codes[i]!;
      if (code < 0) continue;
      let features = known.get(code);
      if (!features) known.set(code, (features = featuresOf(levels[code]!)));
      for (let k = 0; k < features.at.length; k++) data[cell + features.at[k]!] = features.value[k]!;
    }
  };
}
