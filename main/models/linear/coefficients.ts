import type { Matrix } from '../../kernels/matrix.ts';
import type { Fitted } from '../estimator.ts';

/** A fitted model that is a plane per output: what the run page shows as coefficients. */
export interface HasCoefficients {
  /** Shape (nOutputs, nFeatures); one output for two classes (the second against the first) and for regression. */
  readonly coefficients: Matrix;
  /** Shape (nOutputs,). */
  readonly intercepts: Float64Array;
}

export function hasCoefficients(fitted: Fitted): fitted is Fitted & HasCoefficients {
  return 'coefficients' in fitted && 'intercepts' in fitted;
}
