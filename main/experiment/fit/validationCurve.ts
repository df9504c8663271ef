import type { SeriesPoint } from '../../contract/run.ts';
import { likeliest } from '../../kernels/likeliest.ts';
import { rowLogLoss, weightedMean } from '../../evaluate/losses.ts';
import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { TargetInfo, Watch } from '../../models/estimator.ts';
import type { Part } from '../rows/prepare.ts';

/** Rows a curve is drawn of, at most: more would not move it. */
const CURVE_ROWS = 4096;

type Params = Readonly<Record<string, unknown>>;

/**
 * Curves of a fit on validation rows: `loss.validation`, in the loss the model is trained by, and `metric.accuracy` or
 * `metric.rmse`. They are computed here because a fit is not given the targets of these rows.
 * @param points takes every point; those of an earlier sitting, which it may hold already, are told again
 */
export function validationCurve(
  validation: Pick<Part, 'X' | 'y'>,
  target: TargetInfo,
  params: Params,
  points: SeriesPoint[],
  task: Pick<TaskContext, 'point'>,
): Watch {
  for (const { series, step, value } of points) task.point(series, step, value);
  const size = validation.y.length;
  const n = Math.min(CURVE_ROWS, size);
  // Spread over all: validation rows may be in order of time.
  const rows = Uint32Array.from({ length: n }, (_, i) => Math.floor((i * size) / n));
  const y = takeValues(validation.y, rows);
  const isRegression = target.task === 'regression';
  const lossOf = isRegression ? regressionLoss(params) : undefined;
  return {
    X: takeRows(validation.X, rows),
    told(step, said) {
      const add = (series: string, value: number) => {
        if (!Number.isFinite(value)) return;
        points.push({ series, step, value });
        task.point(series, step, value);
      };
      add('loss.validation', lossOf ? mean(y, (k, i) => lossOf(k, said.data[i]!)) : weightedMean(rowLogLoss(said, y)));
      if (isRegression) add('metric.rmse', Math.sqrt(mean(y, (k, i) => (k - said.data[i]!) ** 2)));
      else add('metric.accuracy', accuracy(said, y));
    },
  };
}

const mean = (y: Float64Array, of: (actual: number, i: number) => number): number =>
  y.reduce((sum, actual, i) => sum + of(actual, i), 0) / y.length;

function accuracy(said: Matrix, y: Float64Array): number {
  const predicted = likeliest(said);
  return mean(y, (k, i) => Number(predicted[i] === k));
}

/** What the model is trained by (see models/tree/boosting/loss.ts): the curves of training and validation rows are then one scale. */
function regressionLoss({ loss, quantile }: Params): (actual: number, predicted: number) => number {
  if (loss === 'poisson') return (actual, predicted) => predicted - actual * Math.log(predicted);
  if (loss === 'quantile' || loss === 'absoluteError') {
    const alpha = loss === 'quantile' && typeof quantile === 'number' ? quantile : 0.5;
    return (actual, predicted) => {
      const gap = actual - predicted;
      return gap > 0 ? alpha * gap : (alpha - 1) * gap;
    };
  }
  return (actual, predicted) => (actual - predicted) ** 2;
}
