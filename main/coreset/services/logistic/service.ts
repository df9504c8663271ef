import { pilotRows, thin } from '../../draw/reservoir.ts';
import { nClassesOf } from '../../rows.ts';
import { LinearPilot } from '../linearLoss/pilot.ts';
import type { Service } from '../service.ts';

/** Rows of a pilot fit; fewer make raw coresets worse, and one recalibration makes more of them needless. */
const PILOT_ROWS = 2000;

/** Logistic regression, two classes or more: rows by gradient, curvature and leverage at a pilot. */
export const logisticService: Service = {
  name: 'logistic',
  async pilot(sample, target, { C }, rng) {
    const { nRows, nCols } = sample.X;
    const rows = thin(sample, pilotRows(sample, Math.min(nRows, Math.max(PILOT_ROWS, 5 * nCols)), rng.fork('rows')));
    const loss = nClassesOf(target) === 2 ? 'logistic' : 'softmax';
    return LinearPilot.learn('logistic', loss, { target, C, penaltyWeight: 1 }, sample, rows, rng.fork('density'));
  },
  restore: (state) => LinearPilot.restore(state),
};
