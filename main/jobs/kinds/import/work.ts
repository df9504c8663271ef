import { importFile } from '../../../data/importFile.ts';
import { profileVersion } from '../../../data/profile.ts';
import { subtask } from '../../../kernels/task.ts';
import type { JobKindHandler } from '../../handlers.ts';
import type { ImportInput, ImportOutcome } from './input.ts';

/** Reads the file into the staging folder and profiles it. */
export const work: JobKindHandler<ImportInput, ImportOutcome> = {
  kind: 'import',
  async work({ path, options }, context) {
    const version = await importFile(path, options, context.stagingDir, subtask(context, 0, 0.8));
    for (const warning of version.warnings) context.log(warning);
    context.report({ fraction: 0.8, step: 'Profiling the columns' });
    return { version, profile: await profileVersion(version.file, context.signal) };
  },
};
