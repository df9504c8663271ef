import type { Matrix } from '../../kernels/matrix.ts';
import type { ShapValues } from './treeShap.ts';

/**
 * SHAP of a linear score with features taken as independent: coef_j (x_j − mean_j) (Štrumbelj & Kononenko 2014).
 * @param coef shape (d,)  @param mean shape (d,): of the rows the model was fitted on
 */
export function linearShap(coef: Float64Array, intercept: number, mean: Float64Array, X: Matrix): ShapValues {
  const { nRows, nCols: d, data } = X;
  const values = new Float64Array(nRows * d);
  for (let i = 0; i < nRows; i++) {
    for (let j = 0; j < d; j++) values[i * d + j] = coef[j]! * (data[i * d + j]! - mean[j]!);
  }
  return { values, base: coef.reduce((sum, c, j) => sum + c * mean[j]!, intercept) };
}
