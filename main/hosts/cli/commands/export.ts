import { statSync } from 'node:fs';
import { choice, readArgs, share, usageError } from '../args.ts';
import { findRun } from '../findRun.ts';
import { printJson } from '../output.ts';
import { newFile } from '../reading.ts';
import { withSession } from '../session.ts';
import { thresholdNote } from '../threshold.ts';

export function exportModel(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('export', argv, ['RUN'], {
    out: { type: 'string', short: 'o' },
    rows: { type: 'string' },
    threshold: { type: 'string' },
    project: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { out } = values;
  if (out === undefined) throw usageError('export', '-o MODEL.onnx is missing.');
  const rows =
    values.rows === undefined ? undefined : choice('export', 'rows', values.rows, ['final', 'full', 'coreset']);
  const threshold = share('export', 'threshold', values.threshold);
  const path = newFile(out);
  return withSession('export', async (session) => {
    const project = session.openExisting(values.project);
    const { id: runId } = findRun(project, positionals[0]!);
    const { jobId } = await session.engine.ask('run.export', {
      projectId: project.id,
      runId,
      path,
      ...(rows && { rows }),
      ...threshold,
    });
    await session.finish(project.id, jobId);
    const notes = await session.engine.ask('job.log', { projectId: project.id, jobId });
    for (const { text } of notes) console.error(text);
    if (threshold.threshold !== undefined) {
      const detail = await session.engine.ask('run.get', { projectId: project.id, runId });
      console.error(thresholdNote(detail, rows === 'coreset' ? rows : 'full', threshold.threshold));
    }
    const bytes = statSync(path).size;
    if (values.json) await printJson({ runId, rows: rows ?? null, path, bytes, notes: notes.map(({ text }) => text) });
    else console.log(`Model written to ${out} (${bytes} bytes)`);
    return 0;
  });
}
