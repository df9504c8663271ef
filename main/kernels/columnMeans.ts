import type { Matrix } from './matrix.ts';

/** Mean of each column, shape (nCols,). @param weight shape (nRows,); undefined means ones */
export function columnMeans({ data, nRows, nCols }: Matrix, weight?: Float64Array): Float64Array {
  const total = weight ? weight.reduce((sum, w) => sum + w, 0) : nRows;
  const mean = new Float64Array(nCols);
  for (let i = 0; i < nRows; i++) {
    const w = weight ? weight[i]! : 1;
    for (let j = 0; j < nCols; j++) mean[j]! += (w * data[i * nCols + j]!) / total;
  }
  return mean;
}
