import { pilotRows, thin } from '../../draw/reservoir.ts';
import { LinearPilot } from '../linearLoss/pilot.ts';
import type { Service } from '../service.ts';

const PILOT_ROWS = 2000;

/** Least squares: rows by |residual|·√leverage, √leverage and leverage. */
export const linearService: Service = {
  name: 'linear',
  async pilot(sample, target, _options, rng) {
    const { nRows, nCols } = sample.X;
    const rows = thin(sample, pilotRows(sample, Math.min(nRows, Math.max(PILOT_ROWS, 10 * nCols)), rng.fork('rows')));
    return LinearPilot.learn(
      'linear',
      'squared',
      { target, C: 1, penaltyWeight: 0 },
      sample,
      rows,
      rng.fork('density'),
    );
  },
  restore: (state) => LinearPilot.restore(state),
};
