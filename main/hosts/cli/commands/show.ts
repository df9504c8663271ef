import { AppError } from '../../../contract/errors.ts';
import type { RunDetail } from '../../../contract/run.ts';
import { readArgs } from '../args.ts';
import { findRun } from '../findRun.ts';
import { printJson } from '../output.ts';
import { withSession } from '../session.ts';
import { describe, report } from './run.ts';

export function show(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('show', argv, ['RUN'], {
    project: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  return withSession(undefined, async (session) => {
    const project = session.openExisting(values.project);
    const { id: runId } = findRun(project, positionals[0]!);
    const detail = await session.engine.ask('run.get', { projectId: project.id, runId });
    if (detail.result === null) {
      throw new AppError({
        code: 'RUN_NOT_DONE',
        message: `"${detail.name}" has no record, because it is ${detail.status}.`,
        fix: { kind: 'openRuns', label: 'Choose a finished run' },
      });
    }
    if (values.json) await printJson(report(detail, project.path));
    else console.log([describe(detail, project.path), '', ...origin(detail.result)].join('\n'));
    return 0;
  });
}

/** What a record was computed from, with and on, a line each. */
function origin({ versions, nFeatures, provenance }: NonNullable<RunDetail['result']>): string[] {
  const lines = [
    `versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ];
  if (nFeatures !== undefined) lines.push(`features: ${nFeatures}`);
  if (!provenance) return lines;
  const { dataHash, configHash, machine } = provenance;
  return [
    ...lines,
    `data: ${dataHash}`,
    `configuration: ${configHash}`,
    `machine: ${machine.cpu} (${machine.instructions.join(', ')}), ${machine.threads} threads`,
  ];
}
