import type { Matrix } from '../../../kernels/matrix.ts';
import type { Rows } from '../../rows.ts';

/** The one hidden layer of a pilot network: max(0, Wᵀx + b). */
export interface HiddenLayer {
  readonly nInputs: number;
  readonly nUnits: number;
  /** Shape (nInputs, nUnits). */
  readonly weight: Float64Array;
  /** Shape (nUnits,). */
  readonly bias: Float64Array;
}

/** Activations of every row, shape (nRows, nUnits). */
export function activations({ nUnits, weight, bias }: HiddenLayer, { data, nRows, nCols }: Matrix): Matrix {
  const out = new Float64Array(nRows * nUnits);
  for (let i = 0; i < nRows; i++) {
    const h = out.subarray(i * nUnits, (i + 1) * nUnits);
    h.set(bias);
    for (let j = 0; j < nCols; j++) {
      const x = data[i * nCols + j]!;
      if (x === 0) continue;
      for (let u = 0, at = j * nUnits; u < nUnits; u++, at++) h[u]! += x * weight[at]!;
    }
    for (let u = 0; u < nUnits; u++) if (h[u]! < 0) h[u] = 0;
  }
  return { data: out, nRows, nCols: nUnits };
}

/** The same rows as the last layer sees them. */
export const hiddenRows = <R extends Rows>(layer: HiddenLayer, rows: R): R => ({
  ...rows,
  X: activations(layer, rows.X),
});
