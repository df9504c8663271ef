import { statSync } from 'node:fs';
import { choice, readArgs, share, usageError } from '../args.ts';
import { findRun } from '../findRun.ts';
import { printJson } from '../output.ts';
import { existingFile, newFile } from '../reading.ts';
import { withSession } from '../session.ts';
import { thresholdNote } from '../threshold.ts';

export function predict(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('predict', argv, ['FILE'], {
    run: { type: 'string' },
    out: { type: 'string', short: 'o' },
    rows: { type: 'string' },
    threshold: { type: 'string' },
    project: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { run: key, out } = values;
  if (key === undefined) throw usageError('predict', '--run ID is missing.');
  if (out === undefined) throw usageError('predict', '-o OUT.csv is missing.');
  const rows =
    values.rows === undefined ? undefined : choice('predict', 'rows', values.rows, ['final', 'full', 'coreset']);
  const threshold = share('predict', 'threshold', values.threshold);
  const file = { kind: 'path' as const, path: existingFile(positionals[0]!) };
  const path = newFile(out);
  return withSession('predict', async (session) => {
    const project = session.openExisting(values.project);
    const { id: runId } = findRun(project, key);
    const { jobId } = await session.engine.ask('run.predict', {
      projectId: project.id,
      runId,
      file,
      path,
      ...(rows && { rows }),
      ...threshold,
    });
    await session.finish(project.id, jobId);
    for (const { text } of await session.engine.ask('job.log', { projectId: project.id, jobId })) console.error(text);
    if (threshold.threshold !== undefined) {
      const detail = await session.engine.ask('run.get', { projectId: project.id, runId });
      console.error(thresholdNote(detail, rows === 'coreset' ? rows : 'full', threshold.threshold));
    }
    if (values.json) await printJson({ runId, rows: rows ?? null, path, bytes: statSync(path).size });
    else console.log(`Predictions written to ${out}`);
    return 0;
  });
}
