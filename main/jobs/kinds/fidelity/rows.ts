import { versionSource } from '../../../coreset/version/source.ts';
import { splitRows } from '../../../data/split.ts';
import { takeRows, takeValues, type Matrix } from '../../../kernels/matrix.ts';
import type { TargetInfo } from '../../../models/estimator.ts';
import type { JobContext } from '../../handlers.ts';
import type { Part } from '../../../experiment/rows/prepare.ts';
import type { FidelityInput } from './input.ts';

/** Values a measurement keeps in memory; of larger data, every k-th row is measured on. */
const MAX_VALUES = 100_000_000;

export interface MeasuredRows {
  readonly train: Part;
  readonly validation: Part;
  /** null for services that know none: then y is zeros. */
  readonly target: TargetInfo | null;
  /** Every `step`-th row of the data was read. */
  readonly step: number;
}

/**
 * Training and validation rows of the version, in memory; every k-th of data that is too large.
 * @param most rows of training and validation together
 */
export async function readMeasuredRows(
  { file, plan, seed }: FidelityInput,
  most: number,
  context: JobContext,
): Promise<MeasuredRows> {
  context.report({ fraction: 0, step: 'Reading the rows' });
  const source = versionSource(file, plan, context.signal);
  const { target } = source;
  const step = Math.max(1, Math.ceil((source.nRows * source.nFeatures) / MAX_VALUES), Math.ceil(source.nRows / most));
  const parts: { X: Matrix; y: Float64Array }[] = [];
  let nSeen = 0;
  for await (const chunk of source.chunks()) {
    const kept = Uint32Array.from(chunk.y.keys()).filter((i) => (nSeen + i) % step === 0);
    nSeen += chunk.y.length;
    parts.push({ X: takeRows(chunk.X, kept), y: takeValues(chunk.y, kept) });
  }
  const all = joined(parts, source.nFeatures);
  const isClassed = target !== null && target.task !== 'regression';
  const split = splitRows(
    { rows: Uint32Array.from(all.y.keys()), ...(isClassed && { classes: all.y }) },
    { validation: 0.2, test: 0, stratify: isClassed, seed },
  );
  const part = (ids: Uint32Array): Part => ({ rowIds: ids, X: takeRows(all.X, ids), y: takeValues(all.y, ids) });
  return { train: part(split.train), validation: part(split.validation), target, step };
}

function joined(parts: readonly { X: Matrix; y: Float64Array }[], nCols: number): { X: Matrix; y: Float64Array } {
  const nRows = parts.reduce((sum, { y }) => sum + y.length, 0);
  const data = new Float32Array(nRows * nCols);
  const y = new Float64Array(nRows);
  let at = 0;
  for (const part of parts) {
    data.set(part.X.data, at * nCols);
    y.set(part.y, at);
    at += part.y.length;
  }
  return { X: { data, nRows, nCols }, y };
}
