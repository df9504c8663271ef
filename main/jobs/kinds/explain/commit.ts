import type { JobCommit } from '../../handlers.ts';
import type { ExplainInput, ExplainOutcome } from './input.ts';

/** The answer becomes an artefact of the run it explains. */
export const commit: JobCommit<ExplainInput, ExplainOutcome> = {
  kind: 'explain',
  commit({ answerFile }, { runId, artefact }, { store }) {
    store.artefacts.add(runId, artefact, answerFile);
    return runId;
  },
};
