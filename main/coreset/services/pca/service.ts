import type { Service } from '../service.ts';
import { fitSubspace, PcaPilot, restorePca } from './pilot.ts';

/** Principal components: rows by their share of the subspace and of what it leaves over. */
export const pcaService: Service = {
  name: 'pca',
  async pilot(sample, _target, { k }) {
    const { nCols, nRows } = sample.X;
    return PcaPilot.of(sample, fitSubspace(sample, Math.max(1, Math.min(k, nCols, nRows))));
  },
  restore: restorePca,
};
