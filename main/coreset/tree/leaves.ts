import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import type { Rng } from '../../kernels/rng.ts';
import { inclusionByClass, inclusionProbabilities, type ClassGuarantees } from '../draw/inclusion.ts';
import { systematicDraw } from '../draw/systematic.ts';
import type { PassResult } from './passes.ts';

/** The rows one leaf keeps and the sums of all rows it stands for. */
export interface Leaf {
  /** Position in the stream; never reused. */
  readonly ordinal: number;
  readonly X: Matrix;
  readonly y: Float64Array;
  /** Shape (m,): number in the data version. */
  readonly rowIds: Uint32Array;
  /** Shape (m,): the data's own weight; 0 for a removed row. */
  readonly rowWeight: Float64Array;
  /** Shape (m,): inclusion probability of the draw. */
  readonly pi: Float64Array;
  /** Shape (m,): score and place of each row, for the draws above. */
  readonly score: Float64Array;
  readonly key: Float64Array;
  /** Shape (m,): part of the totals each row belongs to. */
  readonly part: Uint8Array;
  /** Shape (nParts, nStatistics). */
  readonly totals: Float64Array;
  /** Falls when rows are removed. */
  nRowsCovered: number;
  /** Latest time of the rows it stands for; null where the stream has no time. */
  readonly lastTime: number | null;
  /** Smallest and largest row id of the rows it stands for. */
  readonly firstRowId: number;
  readonly lastRowId: number;
  /** Row id of the last row of its stretch of the stream: with `lastTime` it says where a stream in time order is cut. */
  readonly endRowId: number;
}

export interface DrawOptions {
  readonly size: number;
  readonly nClasses: number;
  readonly guarantees: ClassGuarantees;
}

/** π of a draw of `options.size` rows by `score`. */
export function inclusion(score: Float64Array, y: Float64Array, options: DrawOptions): Float64Array {
  const { size, nClasses, guarantees } = options;
  if (nClasses === 1) return inclusionProbabilities(score, size);
  return inclusionByClass(score, y, nClasses, size, guarantees);
}

/** Draws a leaf from a chunk whose rows were scored. */
export function drawLeaf(
  ordinal: number,
  { chunk, score, key, part, totals }: PassResult,
  options: DrawOptions,
  rng: Rng,
): Leaf {
  const { X, y, rowIds, sampleWeight } = chunk;
  const mass = sampleWeight === undefined ? score.slice() : score.map((s, i) => s * sampleWeight[i]!);
  const pi = inclusion(mass, y, options);
  const rows = systematicDraw(pi, key, rng);
  const m = rows.length;
  const ids = new Uint32Array(m);
  const parts = new Uint8Array(m);
  for (let at = 0; at < m; at++) {
    ids[at] = rowIds[rows[at]!]!;
    parts[at] = part[rows[at]!]!;
  }
  let [firstRowId, lastRowId] = [Infinity, -1];
  for (let i = 0; i < rowIds.length; i++) {
    firstRowId = Math.min(firstRowId, rowIds[i]!);
    lastRowId = Math.max(lastRowId, rowIds[i]!);
  }
  return {
    ordinal,
    X: takeRows(X, rows),
    y: takeValues(y, rows),
    rowIds: ids,
    rowWeight: sampleWeight === undefined ? new Float64Array(m).fill(1) : takeValues(sampleWeight, rows),
    pi: takeValues(pi, rows),
    score: takeValues(score, rows),
    key: takeValues(key, rows),
    part: parts,
    totals,
    nRowsCovered: y.length,
    // Rows without a time are the oldest; infinity would not survive JSON.
    lastTime: chunk.time ? chunk.time.reduce((latest, t) => (t > latest ? t : latest), -Number.MAX_VALUE) : null,
    firstRowId: rowIds.length === 0 ? 0 : firstRowId,
    lastRowId: Math.max(0, lastRowId),
    endRowId: rowIds.at(-1) ?? 0,
  };
}
