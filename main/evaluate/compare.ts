import type { Fidelity } from '../contract/run.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Rng } from '../kernels/rng.ts';
import { percentileInterval, poissonWeights } from './bootstrap.ts';
import { classificationScorer, type Scorer } from './classification.ts';
import { regressionMetrics } from './regression.ts';

/** What a model said about the validation rows. */
export type Predictions = { readonly proba: Matrix } | { readonly predicted: Float64Array };

/** The metrics of predictions under any weights. */
const scorer = (p: Predictions, y: Float64Array): Scorer =>
  'proba' in p ? classificationScorer(p.proba, y) : (weight) => regressionMetrics(p.predicted, y, weight);

/**
 * Each metric of `a` minus that of `b` on the same rows, with a paired 95 % interval: both are scored under the same
 * resampling weights, so what the rows have in common cancels.
 * @param nResamples 0 leaves the intervals out
 */
export function metricGaps(
  a: Predictions,
  b: Predictions,
  y: Float64Array,
  rng: Rng,
  nResamples: number,
): Fidelity['gaps'] {
  const scoreA = scorer(a, y);
  const scoreB = scorer(b, y);
  const ofA = scoreA();
  const ofB = scoreB();
  const draws = new Map<string, number[]>();
  for (let r = 0; r < nResamples; r++) {
    const w = poissonWeights(y.length, rng);
    const drawA = scoreA(w);
    const drawB = scoreB(w);
    for (const name of Object.keys(drawA)) {
      const list = draws.get(name) ?? [];
      list.push(drawA[name]! - (drawB[name] ?? NaN));
      draws.set(name, list);
    }
  }
  return Object.fromEntries(
    Object.keys(ofA)
      .filter((name) => name in ofB)
      .map((name) => [name, { gap: ofA[name]! - ofB[name]!, ...percentileInterval(draws.get(name) ?? []) }]),
  );
}
