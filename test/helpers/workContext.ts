import { join } from 'node:path';
import { quietTask } from '../../main/kernels/task.ts';
import type { JobContext } from '../../main/jobs/handlers.ts';

/** What a job's work is given, with all its folders in one and nobody listening. */
export const workContext = (folder: string): JobContext => ({
  ...quietTask,
  jobId: 'job_1',
  projectPath: folder,
  dataDir: folder,
  artefactsDir: folder,
  stagingDir: folder,
  checkpointFile: join(folder, 'checkpoint'),
  threads: 1,
  finding: () => {},
});
