import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { matrix, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';

export interface TableData {
  readonly X: Matrix;
  readonly y: Float64Array;
  /** Float32: X row by row, then y. */
  readonly file: string;
}

/** n rows of d normal features; y is 0/1 from a curve, a few interactions and noise. Written for peers to read. */
export async function tableData(dir: string, n: number, d: number, seed = 1): Promise<TableData> {
  const rng = createRng(seed);
  const data = new Float32Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = data.subarray(i * d, i * d + d);
    for (let j = 0; j < d; j++) x[j] = rng.normal();
    let z = Math.sin(2 * x[0]!) + 0.5 * x[1]! ** 2 + (x[2]! > 0.5 ? x[3]! : 0) + 0.5 * x[4]! * x[5]!;
    for (let j = 6; j < Math.min(d, 16); j++) z += 0.3 * x[j]! * (j % 2 ? 1 : -1);
    y[i] = Number(z + rng.normal() > 0.5);
  }
  const file = path.join(dir, `table-${n}-${d}-${seed}.f32`);
  const out = createWriteStream(file);
  out.write(Buffer.from(data.buffer));
  out.end(Buffer.from(Float32Array.from(y).buffer));
  await finished(out);
  return { X: matrix(data, n, d), y, file };
}

/** Area under the ROC curve for y in {0, 1}. */
export function rocAuc(score: Float64Array, y: Float64Array): number {
  const order = Uint32Array.from({ length: y.length }, (_, i) => i).sort((a, b) => score[a]! - score[b]!);
  let [ranks, positives] = [0, 0];
  order.forEach((i, k) => {
    if (y[i] !== 1) return;
    ranks += k + 1;
    positives++;
  });
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (y.length - positives));
}

/** Rows [from, to) of X, sharing memory. */
export const rowsOf = (X: Matrix, from: number, to: number): Matrix =>
  matrix(X.data.subarray(from * X.nCols, to * X.nCols) as Float32Array, to - from, X.nCols);

/** Column of class 1. */
export const positive = ({ data, nRows }: Matrix): Float64Array =>
  Float64Array.from({ length: nRows }, (_, i) => data[2 * i + 1]!);
