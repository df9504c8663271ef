import type { MetricName } from '../contract/metrics.ts';
import type { TargetInfo } from '../models/estimator.ts';
import { score, type Said } from './scorer.ts';

/**
 * Whether some model could get a number for the metric on these rows: ROC AUC needs rows of two classes, R² a target that
 * varies. Told by the truth and by its opposite, for a metric may want a class to be said (precision) or to be missed.
 * @param y class indices or values, shape (nSamples,)  @param weight shape (nSamples,); undefined means ones
 */
export function isDefinedOn(metric: MetricName, target: TargetInfo, y: Float64Array, weight?: Float64Array): boolean {
  const said = target.task === 'regression' ? values(y) : classes(y, target.nClasses);
  return said.some((answer) => score(answer, y, weight)[metric] !== undefined);
}

const values = (y: Float64Array): Said[] => [{ predicted: y }, { predicted: y.map((v) => v + 1) }];

function classes(y: Float64Array, nClasses: number): Said[] {
  return [0, 1].map((shift) => {
    const labels = y.map((k) => (k + shift) % nClasses);
    const data = new Float64Array(y.length * nClasses);
    labels.forEach((k, i) => (data[i * nClasses + k] = 1));
    return { labels, proba: { data, nRows: y.length, nCols: nClasses } };
  });
}
