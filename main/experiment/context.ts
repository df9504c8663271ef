import type { RunFinding } from '../contract/run.ts';
import type { TaskContext } from '../kernels/task.ts';

/** What an experiment may use of the job it runs in. */
export interface ExperimentContext extends TaskContext {
  /** Empty folder for what is kept of the experiment. */
  readonly stagingDir: string;
  /** Where a long fit keeps how far it has come; outlives the process. May not exist. */
  readonly checkpointFile: string;
  readonly threads: number;
  /** Shown beside the run while it goes on; its result has them again. */
  finding(finding: RunFinding): void;
}
