import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { work } from '../../../main/jobs/kinds/export/work.ts';
import { experimentOn, mixedTable } from '../../helpers/experiment.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { workContext } from '../../helpers/workContext.ts';

const ran = (type: string, target: string, params: object = {}) =>
  experimentOn(mixedTable(400), {
    data: { target, drop: ['two', 'three', 'amount'].filter((name) => name !== target) },
    coreset: false,
    model: { type, params },
  });

describe('an export is compared with the saved model before there is a file', () => {
  test.each([
    ['gradientBoosting', 'two', 0.3],
    ['svc', 'three', undefined],
    ['ridge', 'amount', undefined],
  ])('%s of %s', async (type, target, threshold) => {
    const { file, path } = await ran(type, target);
    const folder = tempDir();
    const notes: string[] = [];
    const out = join(folder, 'model.onnx');
    const input = {
      pipeline: path('pipeline-full'),
      file,
      predictions: path('predictions'),
      rows: 'full',
      out,
    } as const;
    const context = { ...workContext(folder), log: (text: string) => notes.push(text) };
    const { bytes } = await work.work({ ...input, threshold }, context);
    expect(readFileSync(out)).toHaveLength(bytes);
    expect(notes.join()).toMatch(/^The ONNX file says what the model says of 80 rows/);
    // A run of an earlier Pith kept no predictions: then rows of the version are compared.
    await work.work({ ...input, threshold, predictions: null }, context);
    expect(notes.join()).toMatch(/of 400 rows/);
  });

  test('one that says something else than the run recorded is refused', async () => {
    const [one, other] = [await ran('logisticRegression', 'two'), await ran('logisticRegression', 'two', { C: 0.01 })];
    const folder = tempDir();
    const out = join(folder, 'model.onnx');
    const input = { pipeline: other.path('pipeline-full'), file: one.file, predictions: one.path('predictions') };
    await expect(work.work({ ...input, rows: 'full', out }, workContext(folder))).rejects.toMatchObject({
      code: 'EXPORT_DIFFERS',
      message: expect.stringMatching(/of 80 of 80 validation rows/) as string,
    });
    expect(existsSync(out)).toBe(false);
  });
});
