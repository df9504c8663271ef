import { Tensor } from 'onnxruntime-node';
import { columnOf, takeTableRows, type Table } from '../../kernels/table.ts';
import { openModel } from '../../tensor/session.ts';
import type { FittedPipeline } from './pipeline.ts';

/** Largest difference of probabilities, and of values relative to max(1, |value|), that float32 arithmetic explains. */
const TOLERANCE = 1e-5;
const BLOCK_ROWS = 1 << 14;

/** How an exported file's answers compare with the model's own on the same rows. */
export interface OnnxAgreement {
  readonly nRows: number;
  /** Rows with another label although no two classes are about as likely. */
  readonly nDifferentLabels: number;
  /** Rows with another label whose classes, or whose probability and the threshold, are within 2e-5 of each other. */
  readonly nNearTies: number;
  /** Of probabilities; of predictions and scores relative to max(1, |value|). NaN agrees with NaN only, else Infinity. */
  readonly largestDifference: number;
  readonly isSame: boolean;
  /** What a person is told. */
  readonly sentence: string;
}

/**
 * Runs an exported file on the rows of `table` and compares it with `predict` and `predictProba`.
 * @param threshold the one the file was exported with
 */
export async function compareOnnx(
  pipeline: FittedPipeline,
  bytes: Uint8Array,
  table: Table,
  threshold?: number,
): Promise<OnnxAgreement> {
  const session = await openModel(bytes, { threads: 1 });
  let [nDifferentLabels, nNearTies, largestDifference] = [0, 0, 0];
  for (let from = 0; from < table.nRows; from += BLOCK_ROWS) {
    const rows = Uint32Array.from({ length: Math.min(BLOCK_ROWS, table.nRows - from) }, (_, i) => from + i);
    const block = takeTableRows(table, rows);
    const answer = await session.run(onnxInputs(pipeline, block));
    const own = await ownAnswers(pipeline, block, threshold);
    // Of classes the labels come first.
    const theirs = answer[session.outputNames.at(-1)!]!.data as Float32Array;
    const isScaled = pipeline.classes.length === 0;
    for (let i = 0; i < own.data.length; i++)
      largestDifference = Math.max(largestDifference, differenceOf(theirs[i]!, own.data[i]!, isScaled));
    if (!own.labels) continue;
    const named = answer[session.outputNames[0]!]!.data as readonly string[];
    for (let i = 0; i < block.nRows; i++) {
      if (named[i] === pipeline.classes[own.labels[i]!]) continue;
      const row = own.data.subarray(i * own.nCols, (i + 1) * own.nCols);
      const margin = threshold === undefined ? leadOf(row) : Math.abs(row[1]! - threshold);
      if (margin <= 2 * TOLERANCE) nNearTies++;
      else nDifferentLabels++;
    }
  }
  const found = { nRows: table.nRows, nDifferentLabels, nNearTies, largestDifference };
  const isSame = nDifferentLabels === 0 && largestDifference <= TOLERANCE;
  return { ...found, isSame, sentence: sentenceOf(found, isSame, pipeline.classes.length > 0) };
}

/** A table's columns as what the graph inputs of `FittedPipeline.toOnnx` take. */
function onnxInputs({ preprocessor }: FittedPipeline, table: Table): Record<string, Tensor> {
  const dims = [table.nRows, 1];
  return Object.fromEntries(
    preprocessor.inputs.map(({ name }) => {
      const column = columnOf(table, name);
      const tensor =
        column.kind === 'number'
          ? new Tensor('float64', column.values, dims)
          : new Tensor(
              'string',
              Array.from(column.codes, (code) => column.levels[code] ?? ''),
              dims,
            );
      return [name, tensor];
    }),
  );
}

/** Probabilities with labels, predictions or scores, shape (nRows, nCols). */
async function ownAnswers(
  pipeline: FittedPipeline,
  table: Table,
  threshold: number | undefined,
): Promise<{ readonly data: Float64Array; readonly nCols: number; readonly labels?: Float64Array }> {
  if (pipeline.classes.length > 0) {
    const { proba, labels } = await pipeline.classify(table, threshold);
    return { data: Float64Array.from(proba.data), nCols: proba.nCols, labels };
  }
  const scores = pipeline.scores(table);
  if (scores) return { data: Float64Array.from(scores.data), nCols: scores.nCols };
  return { data: await pipeline.predict(table), nCols: 1 };
}

function differenceOf(theirs: number, own: number, isScaled: boolean): number {
  if (Number.isNaN(theirs) || Number.isNaN(own)) return Number.isNaN(theirs) && Number.isNaN(own) ? 0 : Infinity;
  if (theirs === own) return 0;
  return Math.abs(theirs - own) / (isScaled ? Math.max(1, Math.abs(own)) : 1);
}

/** By how much the likeliest class is ahead of the next. */
function leadOf(proba: Float64Array): number {
  const [first, second] = proba.toSorted().slice(-2).toReversed();
  return first! - second!;
}

function sentenceOf(
  { nRows, nDifferentLabels, nNearTies, largestDifference }: Omit<OnnxAgreement, 'isSame' | 'sentence'>,
  isSame: boolean,
  hasLabels: boolean,
): string {
  const rows = `${nRows.toLocaleString('en')} rows`;
  const most = largestDifference.toPrecision(2);
  const what = hasLabels ? 'probabilities' : 'predictions';
  const ties =
    nNearTies === 0
      ? ''
      : ` In ${nNearTies} of them two answers are as likely up to rounding, and the file chooses the other.`;
  if (isSame) return `The ONNX file says what the model says of ${rows}: ${what} differ by at most ${most}.${ties}`;
  const labels = hasLabels ? `${nDifferentLabels} of ${rows} get another label, and ` : `of ${rows}, `;
  return `The ONNX file does not say what the model says: ${labels}${what} differ by up to ${most}.${ties}`;
}
