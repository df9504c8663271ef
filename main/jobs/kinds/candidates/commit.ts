import type { JobCommit } from '../../handlers.ts';
import type { CandidatesInput, CandidatesOutcome } from './input.ts';

/** The comparison is kept with the data version it was made on. */
export const commit: JobCommit<CandidatesInput, CandidatesOutcome> = {
  kind: 'candidates',
  commit({ answerFile }, { versionId, artefact }, { store }) {
    store.artefacts.add(versionId, artefact, answerFile);
    return versionId;
  },
};
