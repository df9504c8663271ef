import type { JobCommit } from '../../handlers.ts';
import type { ExportInput, ExportOutcome } from './input.ts';

/** The file lies where the person wanted it; the project keeps nothing. */
export const commit: JobCommit<ExportInput, ExportOutcome> = {
  kind: 'export',
  commit: () => null,
};
