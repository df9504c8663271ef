import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ColumnProfile } from '../../../contract/data.ts';
import { readArgs } from '../args.ts';
import { number, printJson, table } from '../output.ts';
import { existingFile, importOptionsOf, readingOptions } from '../reading.ts';
import { withSession } from '../session.ts';
import { importInto } from './import.ts';

export async function profile(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('profile', argv, ['FILE'], {
    ...readingOptions,
    json: { type: 'boolean', default: false },
  });
  const path = existingFile(positionals[0]!);
  const options = importOptionsOf('profile', values);
  const scratch = mkdtempSync(join(tmpdir(), 'pith-profile-'));
  try {
    return await withSession('import', async (session) => {
      const project = session.openProject(join(scratch, 'project'), scratch);
      // It is gone in a moment: nothing to come back to.
      await session.engine.ask('project.forget', { path: project.path });
      const { version } = await importInto(session, project, path, options);
      const ofVersion = { projectId: project.id, versionId: version.id };
      const columns = await session.engine.ask('data.profile', ofVersion);
      const findings = await session.engine.ask('data.findings', ofVersion);
      if (values.json) {
        await printJson({ file: basename(path), nRows: version.nRows, nColumns: columns.length, columns, findings });
        return 0;
      }
      console.log(`${basename(path)}: ${version.nRows} rows, ${columns.length} columns\n\n${describe(columns)}`);
      for (const { severity, title, detail } of findings) console.log(`\n${severity}: ${title}\n  ${detail}`);
      return 0;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function describe(columns: readonly ColumnProfile[]): string {
  const rows = columns.map((column) => [
    column.name.slice(0, 32),
    column.type,
    String(column.nMissing),
    `${column.isDistinctExact ? '' : '~'}${column.nDistinct}`,
    column.minText ?? number(column.min),
    column.maxText ?? number(column.max),
    number(column.mean),
    column.topValues
      .slice(0, 3)
      .map(({ value, count }) => `${value.slice(0, 16)} (${count})`)
      .join(', '),
  ]);
  return table(['column', 'type', 'missing', 'distinct', 'min', 'max', 'mean', 'most frequent'], rows);
}
