import type { TaskContext } from '../../kernels/task.ts';
import type { TargetInfo } from '../estimator.ts';
import type { EpochRecord } from './trainer.ts';

/**
 * An epoch as points of the run's live curves: `loss.train`, `loss.validation`, `metric.accuracy` or `metric.rmse`,
 * `learningRate`, and per layer `gradNorm.<layer>`, `updateRatio.<layer>`, `idleShare.<layer>`.
 */
export function reportEpoch(task: TaskContext, record: EpochRecord, target: TargetInfo, scale: number): void {
  const { epoch } = record;
  const point = (series: string, value: number | null) => {
    if (value !== null && Number.isFinite(value)) task.point(series, epoch, value);
  };
  point('loss.train', record.loss * scale * scale);
  point('loss.validation', record.validationLoss === null ? null : record.validationLoss * scale * scale);
  const isRegression = target.task === 'regression';
  if (record.metric !== null) point(isRegression ? 'metric.rmse' : 'metric.accuracy', record.metric * scale);
  point('learningRate', record.learningRate);
  for (const { layer, gradientNorm, updateRatio, idleShare } of record.health) {
    point(`gradNorm.${layer}`, gradientNorm);
    point(`updateRatio.${layer}`, updateRatio);
    point(`idleShare.${layer}`, idleShare);
  }
}
