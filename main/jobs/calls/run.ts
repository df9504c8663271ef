import { AppError } from '../../contract/errors.ts';
import type { RunDetail } from '../../contract/run.ts';
import type { CallHandlers, EngineContext, OpenProject } from '../handlers.ts';

/** What the table of runs and the run page ask; starting, exporting and predicting are in calls/runJobs.ts. */
export const runCalls = {
  'run.list': ({ projectId, isTrashed }, engine) => engine.project(projectId).store.runs.list(isTrashed),
  'run.get': ({ projectId, runId }, engine) => marked(engine.project(projectId).store.runs.detail(runId)),
  'run.series': ({ projectId, runId }, engine) => engine.project(projectId).store.runs.points(runId),
  'run.tag': ({ projectId, runId, tags }, engine) =>
    change(engine, projectId, ({ store }) => store.runs.setTags(runId, tags)),
  'run.note': ({ projectId, runId, note }, engine) =>
    change(engine, projectId, ({ store }) => store.runs.setNote(runId, note)),
  'run.rename': ({ projectId, runId, name }, engine) =>
    change(engine, projectId, ({ store }) => store.runs.rename(runId, name)),
  'run.trash': ({ projectId, runId }, engine) =>
    change(engine, projectId, (project) => {
      refuseWhileRunning(project, runId);
      project.store.runs.trash(runId);
    }),
  'run.restore': ({ projectId, runId }, engine) => change(engine, projectId, ({ store }) => store.runs.restore(runId)),
  'run.erase': ({ projectId, runId }, engine) =>
    change(engine, projectId, (project) => {
      refuseWhileRunning(project, runId);
      project.store.runs.erase(runId);
    }),
} satisfies CallHandlers;

const EARLIER =
  'Made by an earlier Pith: models that stop early chose by the validation rows, the intervals may be too narrow, and saved models may have lost gaps of their rows. Run it again for numbers that can be compared with those of other runs.';

/** Runs of earlier versions did not say what they were computed with; what is known to be wrong with them is said. */
function marked(run: RunDetail): RunDetail {
  const { result } = run;
  if (!result || result.provenance) return run;
  return { ...run, result: { ...result, warnings: [EARLIER, ...result.warnings] } };
}

function change(engine: EngineContext, projectId: string, work: (project: OpenProject) => void): Record<string, never> {
  const project = engine.writableProject(projectId);
  project.store.transaction(() => work(project));
  engine.emit({ type: 'changed', projectId, what: 'runs' });
  return {};
}

function refuseWhileRunning({ store }: OpenProject, runId: string): void {
  const { status, name } = store.runs.summary(runId);
  if (status !== 'running' && status !== 'queued') return;
  throw new AppError({
    code: 'RUN_RUNNING',
    message: `"${name}" is still running.`,
    fix: { kind: 'cancelJob', label: 'Cancel it first' },
  });
}
