import type { JobCommit } from '../../handlers.ts';
import type { PredictInput, PredictOutcome } from './input.ts';

/** The predictions lie where the person wanted them; the project keeps nothing. */
export const commit: JobCommit<PredictInput, PredictOutcome> = {
  kind: 'predict',
  commit: () => null,
};
