/** A real engine process for the tests that kill it: `node drillEngine.ts HOME WORK_MODULE WHAT`, drives itself, tells ids. */
import { Engine } from '../../../main/jobs/engine.ts';
import { commit, type DrillInput } from './drill.ts';

const [home, workModule, what] = process.argv.slice(2) as [string, string, DrillInput['what']];
const engine = new Engine({
  home,
  extraWork: { explain: workModule },
  extraCommits: [commit as never],
  spare: 'keep',
});
engine.forkSpare();
const { id: projectId, path } = await engine.ask('project.create', { name: 'Killed' });
const running = engine.submit({
  projectId,
  kind: 'explain',
  title: 'running',
  input: { what, steps: 100_000 },
  isResumable: true,
});
const queued = Array.from({ length: 3 }, (_, k) =>
  engine.submit({ projectId, kind: 'explain', title: `queued ${k}`, input: { what: 'count', steps: 100_000 } }),
);
engine.onEvent((event) => {
  if (event.type !== 'jobLog' || event.jobId !== running.id) return;
  const pid = /process (\d+)/.exec(event.lines[0]!.text)?.[1];
  if (pid)
    console.log(JSON.stringify({ path, runningId: running.id, queuedId: queued.at(-1)!.id, workerPid: Number(pid) }));
});
