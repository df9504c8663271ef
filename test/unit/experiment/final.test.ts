import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../main/contract/config.ts';
import { readRows } from '../../../main/experiment/rows/prepare.ts';
import { work } from '../../../main/jobs/kinds/export/work.ts';
import { loadPipeline } from '../../../main/models/pipeline/pipeline.ts';
import { experimentOn, mixedTable } from '../../helpers/experiment.ts';
import { versionOf } from '../../helpers/tableFile.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { workContext } from '../../helpers/workContext.ts';

const TABLE = mixedTable(500);
const configOf = (type: string, target: string, final: 'train' | 'all', params: object = {}) => ({
  data: { target, drop: ['two', 'three', 'amount'].filter((name) => name !== target) },
  split: { test: 0.2, stratify: false },
  coreset: { size: 100 },
  model: { type, params },
  fit: { final },
});

/** The table with 1000 added to the targets of some rows. */
async function shifted(part: 'validation' | 'test'): Promise<string> {
  const { file } = await versionOf(TABLE);
  const { split } = await readRows(file, RunConfig.parse(configOf('ridge', 'amount', 'all')));
  const [head, ...lines] = TABLE.trimEnd().split('\n');
  for (const row of split[part]) {
    const cells = lines[row]!.split(',');
    lines[row] = [...cells.slice(0, -1), Number(cells.at(-1)) + 1000].join(',');
  }
  return `${[head, ...lines].join('\n')}\n`;
}

describe('fit.final: all', () => {
  test.each([
    ['logisticRegression', 'three', {}],
    ['gradientBoosting', 'two', { maxIter: 20, earlyStopping: true }],
    ['neuralNetwork', 'two', { layers: [8], epochs: 3 }],
  ])('adds a model of %s and changes nothing that is measured', async (type, target, params) => {
    const plain = await experimentOn(TABLE, configOf(type, target, 'train', params));
    const both = await experimentOn(TABLE, configOf(type, target, 'all', params));
    expect(plain.result.final).toBeUndefined();
    expect(both.result.final).toMatchObject({ nFitRows: 400, artefact: 'pipeline-final' });
    expect(both.result.final!.note).toMatch(/400 rows \(all but the 100 test rows\).*did not see the validation rows/);
    expect(both.result.evaluations).toEqual(plain.result.evaluations);
    for (const name of ['pipeline-full', 'pipeline-coreset', 'predictions'])
      expect(readFileSync(both.path(name)).equals(readFileSync(plain.path(name)))).toBe(true);
    expect(readFileSync(both.path('pipeline-final')).equals(readFileSync(both.path('pipeline-full')))).toBe(false);
  });

  test('learns from validation rows, and never from test rows', async () => {
    const config = configOf('ridge', 'amount', 'all');
    const finalOf = async (table: string) => readFileSync((await experimentOn(table, config)).path('pipeline-final'));
    const own = await finalOf(TABLE);
    expect((await finalOf(await shifted('test'))).equals(own)).toBe(true);
    expect((await finalOf(await shifted('validation'))).equals(own)).toBe(false);
  });

  test('is exported and compared with its own answers, and says whose they are', async () => {
    const { file, path, result } = await experimentOn(
      TABLE,
      configOf('gradientBoosting', 'two', 'all', { maxIter: 10 }),
    );
    const folder = tempDir();
    const notes: string[] = [];
    const pipeline = path('pipeline-final');
    const out = join(folder, 'model.onnx');
    const { note } = result.final!;
    await work.work(
      { pipeline, file, predictions: path('predictions'), rows: 'final', out, note },
      { ...workContext(folder), log: (text) => notes.push(text) },
    );
    expect(notes).toEqual([note, expect.stringMatching(/^The ONNX file says what the model says of 100 rows/)]);
    expect(readFileSync(out).equals((await loadPipeline(readFileSync(pipeline))).toOnnx())).toBe(true);
  });
});
