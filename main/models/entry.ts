import type { EstimatorSpec } from '../contract/config.ts';
import type { Estimator, Fitted, FittedState } from './estimator.ts';

/**
 * What a family folder publishes for each of its estimators; `registry.ts` joins them.
 * The form, the schema and the checks of a parameter all come from `spec.params`.
 */
export interface EstimatorEntry {
  readonly spec: EstimatorSpec;
  /** Checks `params` (unknown names, ranges) and throws AppError PARAM_UNKNOWN or PARAM_OUT_OF_RANGE naming the parameter. */
  readonly make: (params: Readonly<Record<string, unknown>>) => Estimator;
  /** True when `FitContext.start` speeds fits up. */
  readonly takesStart?: boolean;
  /** The inverse of `Fitted.toState`. */
  readonly restore: (state: FittedState) => Fitted;
}
