import type { JobCommit } from '../../handlers.ts';
import { CURVE, type FidelityInput, type FidelityOutcome } from './input.ts';

export const commit: JobCommit<FidelityInput, FidelityOutcome> = {
  kind: 'fidelity',
  commit({ curveFile }, { coresetId }, { store }) {
    store.coresets.get(coresetId);
    store.artefacts.add(coresetId, CURVE, curveFile);
    return coresetId;
  },
};
