import type { Fitted } from '../../../models/estimator.ts';
import { rowLogLoss } from '../../../evaluate/losses.ts';
import type { Part } from './prepare.ts';

/** A model whose coefficients can be read, shape (nOutputs, nFeatures). */
interface Linear extends Fitted {
  readonly coefficients: { readonly data: ArrayLike<number> };
}

const isLinear = (fitted: Fitted): fitted is Linear => 'coefficients' in fitted;

/**
 * The training objective over all rows at `fitted`: C Σ log loss + ½ |w|² for logistic regression, Σ (y − ŷ)² + α |w|²
 * for ridge and least squares; null for models without one that rows add up to.
 */
export async function fullObjective(
  fitted: Fitted,
  train: Part,
  params: Readonly<Record<string, unknown>>,
): Promise<number | null> {
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

function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum;
}
