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

/**
 * Writes rows [from, to) of a table into `data`, shape (…, nCols), `shift` rows further on. What it makes of a column's
 * levels is kept: they are the same for all tables of a stream.
 */
type Writer = (table: Table, data: Float32Array, nCols: number, from: number, to: number, shift: number) => void;

const BLOCK_ROWS = 512;

/**
 * The features of a table by the plans, shape (nRows, nFeatures), float32.
 * @param training given when these are the training rows: their target encodings are the cross-fitted ones
 */
export function writeFeatures(plans: readonly ColumnPlan[], table: Table, training?: TrainingTarget): Matrix {
  const writer = new FeatureWriter(plans, training);
  const data = new Float32Array(table.nRows * writer.nFeatures);
  writer.write(table, 0, table.nRows, data, 0);
  return { data, nRows: table.nRows, nCols: writer.nFeatures };
}

/** Writes features of the tables of a stream where they are wanted. */
export class FeatureWriter {
  readonly nFeatures: number;
  private readonly writers: readonly Writer[];
  private readonly isSparse: boolean;

  constructor(plans: readonly ColumnPlan[], training?: TrainingTarget) {
    let nCols = 0;
    this.writers = plans.map((plan) => {
      const writer = writerOf(plan, nCols, training);
      nCols += widthOf(plan);
      return writer;
    });
    this.nFeatures = nCols;
    this.isSparse = plans.some(({ kind }) => !['number', 'product', 'target'].includes(kind));
  }

  /** Writes the features of rows [from, to) into the rows of `data`, shape (…, nFeatures), from `row` on. */
  write(table: Table, from: number, to: number, data: Float32Array, row: number): void {
    const { nFeatures, writers } = this;
    const shift = row - from;
    // All columns of a block before the next block: column by column, every page of the matrix would be visited anew.
    for (let start = from; start < to; start += BLOCK_ROWS) {
      const end = Math.min(to, start + BLOCK_ROWS);
      if (this.isSparse) data.fill(0, (start + shift) * nFeatures, (end + shift) * nFeatures);
      for (const write of writers) write(table, data, nFeatures, start, end, shift);
    }
  }
}

function writerOf(plan: ColumnPlan, at: number, training: TrainingTarget | undefined): Writer {
  switch (plan.kind) {
    case 'number':
      return numberWriter(plan, at);
    case 'product':
      return productWriter(plan, at);
    case 'category':
      return categoryWriter(plan, at);
    case 'target':
      return targetWriter(plan, at, training);
    case 'hash':
      return hashWriter(plan, at);
    case 'text':
      return textWriter(plan.name, textFeatures(plan), at);
    case 'hashedText':
      return textWriter(plan.name, (text) => hashedTextFeatures(plan, text), at);
  }
}

/** `make(key)`, made again only when the key is another object. */
function keptBy<K extends object, V>(make: (key: K) => V): (key: K) => V {
  let kept: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (kept?.key !== key) kept = { key, value: make(key) };
    return kept.value;
  };
}

function categoryColumn(table: Table, name: string): CategoryColumn {
  const column = columnOf(table, name);
  if (column.kind !== 'category') throw new RangeError(`column "${name}" must be read as a category`);
  return column;
}

function numberWriter(plan: NumberPlan, at: number): Writer {
  const { name, part, fill, power, offset, scale, isIndicator } = plan;
  const isPlain = part === 'value' && power === undefined && !isIndicator;
  // Numbers of an object are boxed, and so would be what is computed with them; those of an array are not.
  const constants = Float64Array.of(fill, offset, scale);
  return (table, data, nCols, from, to, shift) => {
    const column = columnOf(table, name);
    if (column.kind !== 'number') throw new RangeError(`column "${name}" must be read as numbers`);
    const { values } = column;
    const cell = (from + shift) * nCols + at;
    if (isPlain) writePlain(values, from, to, constants, data, cell, nCols);
    else for (let i = from, to_ = cell; i < to; i++, to_ += nCols) data[to_] = numberValue(plan, values[i]!);
  };
}

/** As `numberValue`, without asking for every cell what the plan is. */
function writePlain(
  values: Float64Array,
  from: number,
  to: number,
  constants: Float64Array,
  data: Float32Array,
  at: number,
  step: number,
): void {
  const [fill, offset, scale] = [constants[0]!, constants[1]!, constants[2]!];
  for (let i = from, cell = at; i < to; i++, cell += step) {
    const v = values[i]!;
    // The difference is NaN where v is missing or infinite.
    data[cell] = ((v - v === 0 ? v : fill) - offset) / scale;
  }
}

/** Reads what the writers before it wrote. */
function productWriter({ factors: [a, b], offset, scale }: ProductPlan, at: number): Writer {
  return (_table, data, nCols, from, to, shift) => {
    for (let i = from, row = (from + shift) * nCols; i < to; i++, row += nCols)
      data[row + at] = (data[row + a]! * data[row + b]! - offset) / scale;
  };
}

function categoryWriter(plan: CategoryPlan, at: number): Writer {
  const positionsOf = keptBy((levels: readonly string[]) => categoryPositions(plan, levels));
  const isOneHot = plan.encode === 'oneHot';
  const unknown = plan.unknown ?? NaN;
  return (table, data, nCols, from, to, shift) => {
    const { codes, levels } = categoryColumn(table, plan.name);
    const { positions, missing } = positionsOf(levels);
    for (let i = from, cell = (from + shift) * nCols + at; i < to; i++, cell += nCols) {
      const code = codes[i]!;
      const position = code < 0 ? missing : positions[code]!;
      if (!isOneHot) data[cell] = position < 0 ? unknown : position;
      else if (position >= 0) data[cell + position] = 1;
    }
  };
}

function targetWriter(plan: TargetPlan, at: number, training?: TrainingTarget): Writer {
  const nOutputs = plan.outputs.length;
  if (training) {
    const ownOf = keptBy((column: CategoryColumn) => targetFeatures(plan, crossFitted(plan, column, training)));
    return (table, data, nCols, from, to, shift) => {
      const own = ownOf(categoryColumn(table, plan.name));
      for (let i = from; i < to; i++)
        for (let k = 0; k < nOutputs; k++) data[(i + shift) * nCols + at + k] = own[i * nOutputs + k]!;
    };
  }
  const features = targetFeatures(plan, plan.values);
  const rowsOf = keptBy((column: CategoryColumn) => rowLevels(plan, column));
  const unknown = features.length / nOutputs - 1;
  return (table, data, nCols, from, to, shift) => {
    const rows = rowsOf(categoryColumn(table, plan.name));
    for (let i = from; i < to; i++) {
      const level = rows[i]! < 0 ? unknown : rows[i]!;
      for (let k = 0; k < nOutputs; k++) data[(i + shift) * nCols + at + k] = features[level * nOutputs + k]!;
    }
  };
}

function hashWriter(plan: HashPlan, at: number): Writer {
  const featureOf = hashFeature(plan);
  const knownOf = keptBy((_levels: readonly string[]) => new Map<number, ReturnType<typeof featureOf>>());
  return (table, data, nCols, from, to, shift) => {
    const { codes, levels } = categoryColumn(table, plan.name);
    const known = knownOf(levels);
    for (let i = from; i < to; i++) {
      const code = codes[i]!;
      let feature = known.get(code);
      if (!feature) known.set(code, (feature = featureOf(code < 0 ? '' : levels[code]!)));
      if (feature.at >= 0) data[(i + shift) * nCols + at + feature.at] = feature.value;
    }
  };
}

function textWriter(name: string, featuresOf: (text: string) => TextFeatures, at: number): Writer {
  const knownOf = keptBy((_levels: readonly string[]) => new Map<number, TextFeatures>());
  return (table, data, nCols, from, to, shift) => {
    const { codes, levels } = categoryColumn(table, name);
    const known = knownOf(levels);
    for (let i = from, cell = (from + shift) * nCols + at; i < to; i++, cell += nCols) {
      const code = codes[i]!;
      if (code < 0) continue;
      let features = known.get(code);
      if (!features) known.set(code, (features = featuresOf(levels[code]!)));
      for (let k = 0; k < features.at.length; k++) data[cell + features.at[k]!] = features.value[k]!;
    }
  };
}
