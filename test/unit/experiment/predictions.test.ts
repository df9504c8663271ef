import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FitRows } from '../../../main/contract/run.ts';
import { versionColumns } from '../../../main/data/versionFile.ts';
import { readPredictions } from '../../../main/experiment/predictions/read.ts';
import { writePredictions } from '../../../main/experiment/predictions/write.ts';
import type { Judged } from '../../../main/experiment/seal/judged.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { experimentOn, mixedTable } from '../../helpers/experiment.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const judged = (rows: FitRows, said: Judged['said']) => ({ model: { rows }, said }) as Judged;

/** A metric that can be computed in a line. */
const simplest = (said: Judged['said'], y: Float64Array): [string, number] =>
  'proba' in said
    ? ['accuracy', y.filter((k, i) => said.labels[i] === k).length / y.length]
    : ['mae', y.reduce((sum, v, i) => sum + Math.abs(said.predicted[i]! - v), 0) / y.length];

describe('kept predictions', () => {
  test.each([
    ['plain', ['no', 'yes']],
    ['that differ in case only', ['yes', 'Yes', 'YES']],
    ['with quotes, dots, commas and nothing', ["it's", 'a "b"', 'full.prediction', '', 'x, y', 'row']],
  ])('of classes %s come back to the last bit', async (_, classes) => {
    const rng = createRng(1);
    const n = 5000;
    const of = (make: () => number) => Float64Array.from({ length: n }, make);
    const y = of(() => rng.int(classes.length));
    const rowIds = Uint32Array.from({ length: n }, (__, i) => (i === n - 1 ? 4_000_000_000 : 3 * i));
    const said = () => {
      const proba = of(() => 0);
      const data = Float64Array.from({ length: n * classes.length }, () => rng.uniform() ** 9);
      data.set([NaN, 1e-320, 1 / 3]);
      return { labels: proba.map(() => rng.int(classes.length)), proba: matrix(data, n, classes.length) };
    };
    const [full, coreset] = [said(), said()];
    const file = join(tempDir(), 'predictions');
    await writePredictions({ rowIds, y }, [judged('coreset', coreset), judged('full', full)], 't', classes, file);
    expect(await readPredictions(file, 'full')).toEqual({ rowIds, y, classes, said: full });
    expect(await readPredictions(file, 'coreset')).toEqual({ rowIds, y, classes, said: coreset });
    await expect(readPredictions(file, 'uniform')).rejects.toMatchObject({ code: 'PREDICTIONS_MISSING' });
  });

  test('of values come back to the last bit', async () => {
    const y = Float64Array.of(1, -2, 1 / 3);
    const said = { predicted: Float64Array.of(Infinity, NaN, 0.1) };
    const file = join(tempDir(), 'predictions');
    await writePredictions({ rowIds: Uint32Array.of(0, 5, 9), y }, [judged('full', said)], 't', [], file);
    expect(await readPredictions(file, 'full')).toEqual({ rowIds: Uint32Array.of(0, 5, 9), y, classes: [], said });
  });

  test.each([
    ['three', 'logisticRegression'],
    ['amount', 'ridge'],
  ])('of a run for %s are those its metrics came from', async (target, type) => {
    const { result, path } = await experimentOn(mixedTable(400), {
      data: { target, drop: ['two', 'three', 'amount'].filter((name) => name !== target) },
      coreset: { size: 80 },
      model: { type },
    });
    const names = (await versionColumns(path('predictions'))).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['row', 'target', 'coreset.prediction']);
    for (const { rows, metrics } of result.evaluations) {
      const { y, said, rowIds } = await readPredictions(path('predictions'), rows);
      expect(rowIds).toHaveLength(result.nValidation);
      const [name, told] = simplest(said, y);
      expect(metrics[name]!.value).toBeCloseTo(told, 12);
    }
  });
});
