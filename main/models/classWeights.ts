import type { EstimatorEntry } from './entry.ts';
import type { Estimator } from './estimator.ts';
import { parseClassWeight, weightRows } from './linear/classWeight.ts';
import { classWeightSpec } from './linear/params.ts';

/** The same estimator with a parameter `classWeight`: rows weigh their sample weight times the factor of their class. */
export function withClassWeight(entry: EstimatorEntry): EstimatorEntry {
  const { spec, make } = entry;
  return {
    ...entry,
    spec: { ...spec, params: [...spec.params, classWeightSpec] },
    make: ({ classWeight, ...params }): Estimator => {
      const inner = make(params);
      const weights = parseClassWeight(classWeight);
      if (weights === null) return inner;
      return {
        type: inner.type,
        fit(X, y, target, context) {
          const sampleWeight = weightRows(y, context.sampleWeight, weights, target);
          return inner.fit(X, y, target, { ...context, ...(sampleWeight && { sampleWeight }) });
        },
      };
    },
  };
}
