import type { TaskContext } from '../../kernels/task.ts';
import type { EpochRecord } from './trainer.ts';

/**
 * An epoch as points of the run's live curves: `loss.train`, `loss.holdOut`, `learningRate`, and per layer
 * `gradNorm.<layer>`, `updateRatio.<layer>`, `idleShare.<layer>`.
 */
export function reportEpoch(task: TaskContext, record: EpochRecord, scale: number): void {
  const { epoch } = record;
  const point = (series: string, value: number | null) => {
    if (value !== null && Number.isFinite(value)) task.point(series, epoch, value);
  };
  point('loss.train', record.loss * scale * scale);
  point('loss.holdOut', record.holdOutLoss === null ? null : record.holdOutLoss * scale * scale);
  point('learningRate', record.learningRate);
  for (const { layer, gradientNorm, updateRatio, idleShare } of record.health) {
    point(`gradNorm.${layer}`, gradientNorm);
    point(`updateRatio.${layer}`, updateRatio);
    point(`idleShare.${layer}`, idleShare);
  }
}
