import type { Matrix } from '../../kernels/matrix.ts';
import type { Fitted } from '../../models/estimator.ts';
import { rowLogLoss } from '../../evaluate/losses.ts';
import { costOf, isStructureModel } from '../../evaluate/structure.ts';
import type { Part } from '../rows/prepare.ts';

/** A model whose coefficients can be read, shape (nOutputs, nFeatures). */
interface Linear extends Fitted {
  readonly coefficients: { readonly data: ArrayLike<number> };
}

/** Planes of a linear SVM, shape (nPlanes, nFeatures + 1), and the margins of rows, shape (nSamples, nPlanes). */
interface Planes extends Fitted {
  readonly planes: Float64Array;
  margins(X: Matrix): Float64Array;
}

const isPlanes = (fitted: Fitted): fitted is Planes => 'planes' in fitted;
const isLinear = (fitted: Fitted): fitted is Linear => 'coefficients' in fitted;

/**
 * The training objective over all rows at `fitted`: C Σ log loss + ½ |w|² for logistic regression, Σ (y − ŷ)² + α |w|²
 * for ridge and least squares, ½ |w|² + C Σ max(0, 1 − margin)² summed over the planes of a linear SVM, and the cost of
 * clusters and components; null for models without one that rows add up to.
 */
export async function fullObjective(
  fitted: Fitted,
  train: Part,
  params: Readonly<Record<string, unknown>>,
): Promise<number | null> {
  if (isStructureModel(fitted)) return costOf(fitted, train.X);
  if (isPlanes(fitted)) return hingeObjective(fitted, train, Number(params['C'] ?? 1));
  if (!isLinear(fitted)) return null;
  const squares = sumOfSquares(fitted.coefficients.data);
  if (fitted.type === 'logisticRegression') {
    const penalty = params['penalty'] ?? 'l2';
    if (penalty !== 'l2' && penalty !== 'none') return null;
    const losses = rowLogLoss(await fitted.predictProba(train.X), train.y, Number.MIN_VALUE);
    const C = Number(params['C'] ?? 1);
    return losses.reduce((a, b) => a + b, 0) + (penalty === 'l2' ? squares / (2 * C) : 0);
  }
  if (fitted.type === 'ridge' || fitted.type === 'linearRegression') {
    const predicted = await fitted.predict(train.X);
    const alpha = fitted.type === 'ridge' ? Number(params['alpha'] ?? 1) : 0;
    return predicted.reduce((s, v, i) => s + (v - train.y[i]!) ** 2, 0) + alpha * squares;
  }
  return null;
}

function hingeObjective(fitted: Planes, { X, y }: Part, C: number): number {
  const nPlanes = fitted.planes.length / (X.nCols + 1);
  const margins = fitted.margins(X);
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    for (let p = 0; p < nPlanes; p++) {
      const isOwn = y[i] === (nPlanes === 1 ? 1 : p);
      loss += Math.max(0, 1 - (isOwn ? 1 : -1) * margins[i * nPlanes + p]!) ** 2;
    }
  }
  // The last value of each plane is its intercept, which is free.
  const slopes = fitted.planes.filter((_v, at) => at % (X.nCols + 1) !== X.nCols);
  return C * loss + sumOfSquares(slopes) / 2;
}

function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum;
}
