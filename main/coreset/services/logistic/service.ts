import { pilotRows, thin } from '../../draw/reservoir.ts';
import { nClassesOf } from '../../rows.ts';
import { LinearPilot } from '../linearLoss/pilot.ts';
import type { Service } from '../service.ts';

/**
 * Rows of a pilot fit. A quarter of them makes weights that are not recalibrated 4 to 13 times as bad, and the fit is a small
 * part of a build; wide data and many classes take fewer.
 */
const PILOT_ROWS = 8000;
const LEAST_PILOT_ROWS = 2000;
/** Rows × coefficients of a pilot fit. */
const PILOT_WORK = 4_000_000;

/** Logistic regression, two classes or more: rows by gradient, curvature and leverage at a pilot. */
export const logisticService: Service = {
  name: 'logistic',
  async pilot(sample, target, { C }, rng) {
    const { nRows, nCols } = sample.X;
    const nClasses = nClassesOf(target);
    const nCoef = (nCols + 1) * (nClasses === 2 ? 1 : nClasses);
    const size = Math.max(LEAST_PILOT_ROWS, 5 * nCols, Math.min(PILOT_ROWS, Math.floor(PILOT_WORK / nCoef)));
    const rows = thin(sample, pilotRows(sample, Math.min(nRows, size), rng.fork('rows')));
    const loss = nClasses === 2 ? 'logistic' : 'softmax';
    return LinearPilot.learn('logistic', loss, { target, C, penaltyWeight: 1 }, sample, rows, rng.fork('density'));
  },
  restore: (state) => LinearPilot.restore(state),
};
