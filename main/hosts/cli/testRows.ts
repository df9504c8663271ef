import type { RunDetail } from '../../contract/run.ts';
import type { KnownProject } from '../../jobs/projects.ts';
import type { Session } from './session.ts';

/** Opens the test rows of a run, where they are locked, and resolves to the run as it is then. */
export async function openTestRows(session: Session, project: KnownProject, runId: string): Promise<RunDetail> {
  const { engine } = session;
  const { jobId } = await engine.ask('run.openTest', { projectId: project.id, runId });
  if (jobId !== null) await session.finish(project.id, jobId);
  return engine.ask('run.get', { projectId: project.id, runId });
}

/** Where the test rows of a run stand: looked at by how many runs, or locked. */
export function saidOfTestRows({ result, number }: RunDetail): string {
  const { test, nTest } = result!;
  if (nTest === 0) return '';
  if (!test) return `${nTest} test rows are locked; pith test ${number} opens them.`;
  return test.looks === 1
    ? 'No other run has looked at these test rows.'
    : `${test.looks} runs have looked at these test rows${test.looksInPart > 0 ? ' or some of them' : ''}; the best of them is flattered.`;
}
