import { importFile } from '../../../data/importFile.ts';
import { profileVersion } from '../../../data/profile.ts';
import { runExperiment } from '../../../experiment/run.ts';
import { subtask } from '../../../kernels/task.ts';
import { estimatorEntry } from '../../../models/registry.ts';
import type { JobContext, JobKindHandler } from '../../handlers.ts';
import type { RunInput, RunOutcome } from './input.ts';

/** A run: its data are imported where they are a file, then `main/experiment` does the rest. */
export const work: JobKindHandler<RunInput, RunOutcome> = {
  kind: 'run',
  async work({ config, data }, context) {
    const started = performance.now();
    const entry = await estimatorEntry(config.model.type);
    entry.make(config.model.params);
    const imported = data.kind === 'file' ? await importInto(data, context) : null;
    const file = imported?.version.file ?? (data.kind === 'version' ? data.file : '');
    const outcome = await runExperiment(file, config, entry, performance.now() - started, context);
    return { ...outcome, imported: imported && { version: imported.version, profile: await imported.profile } };
  },
};

async function importInto(data: Extract<RunInput['data'], { kind: 'file' }>, context: JobContext) {
  const version = await importFile(data.path, data.options, context.stagingDir, subtask(context, 0, 0.08, 'Importing'));
  // DuckDB profiles in its own threads while the run goes on; a failure is told where the profile is awaited.
  const profile = profileVersion(version.file, context.signal);
  profile.catch(() => undefined);
  return { version, profile };
}
