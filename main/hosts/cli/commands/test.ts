import { readArgs } from '../args.ts';
import { findRun } from '../findRun.ts';
import { printJson } from '../output.ts';
import { withSession } from '../session.ts';
import { openTestRows } from '../testRows.ts';
import { describe, report } from './run.ts';

export function test(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('test', argv, ['RUN'], {
    project: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  return withSession('test', async (session) => {
    const project = session.openExisting(values.project);
    const detail = await openTestRows(session, project, findRun(project, positionals[0]!).id);
    if (values.json) await printJson(report(detail, project.path));
    else console.log(describe(detail, project.path));
    return 0;
  });
}
