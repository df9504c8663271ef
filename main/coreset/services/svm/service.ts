import { pilotRows, thin } from '../../draw/reservoir.ts';
import { LinearPilot } from '../linearLoss/pilot.ts';
import type { Service } from '../service.ts';

const PILOT_ROWS = 2000;

/** Support vector machines: the logistic recipe with the squared hinge's gradient and curvature. */
export const svmService: Service = {
  name: 'svm',
  async pilot(sample, target, { C }, rng) {
    const { nRows, nCols } = sample.X;
    const rows = thin(sample, pilotRows(sample, Math.min(nRows, Math.max(PILOT_ROWS, 5 * nCols)), rng.fork('rows')));
    return LinearPilot.learn('svm', 'squaredHinge', { target, C, penaltyWeight: 1 }, sample, rows, rng.fork('density'));
  },
  restore: (state) => LinearPilot.restore(state),
};
