import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import * as made from '../helpers/dependentRows.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

/** A project with one version of `csv`. */
async function imported(csv: string) {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.create', { name: 'Rows', path: join(folder, 'rows') });
  const path = join(folder, 'rows.csv');
  writeFileSync(path, csv);
  const { jobId } = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {} });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const [dataset] = await engine.ask('data.list', { projectId });
  return { engine, ofVersion: { projectId, versionId: dataset!.versions[0]!.id } };
}

test('repeated subjects are found, and the configuration proposed splits by them and says why', async () => {
  const { engine, ofVersion } = await imported(made.nearCopies('mouse', 1));
  const findings = await engine.ask('data.findings', { ...ofVersion, target: 'y' });
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'GROUPS', columns: ['mouse'], patch: { 'split.group': 'mouse' } }),
  );
  const { yaml, reasons } = await engine.ask('config.propose', { ...ofVersion, target: 'y' });
  expect(yaml).toMatch(/split:.*group: mouse/);
  expect(reasons.join(' ')).toMatch(/near-copies.*accuracy \.\d+ on a mouse it has not seen/);
});

test.each([
  ['a month code called `date`', made.monthCode('date', 1)],
  ['a file sorted by class', made.classSorted(1)],
])('%s is proposed a random split', async (_what, csv) => {
  const { engine, ofVersion } = await imported(csv);
  const { yaml } = await engine.ask('config.propose', { ...ofVersion, target: 'y' });
  expect(yaml).toMatch(/split:/);
  expect(yaml).not.toMatch(/group:|time:/);
});
