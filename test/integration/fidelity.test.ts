import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FidelityCurve } from '../../main/contract/coreset.ts';
import { planVersion } from '../../main/coreset/version/plan.ts';
import { withConnection, literal } from '../../main/data/duck.ts';
import { work } from '../../main/jobs/kinds/fidelity/work.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { tempDir } from '../helpers/tempDir.ts';
import { workContext } from '../helpers/workContext.ts';

const N_ROWS = 2500;
/** Four heavy-tailed features with gaps, a class and a number that follow them. */
async function tableFile(folder: string): Promise<string> {
  const rng = createRng(8);
  const lines = Array.from({ length: N_ROWS }, () => {
    const [a, b, c] = [rng.normal(), rng.normal() ** 3, rng.normal() + 4 * rng.int(3)];
    const group = ['x', 'y', 'z'][rng.int(3)]!;
    const odds = 1.5 * a + 0.2 * b + (group === 'x' ? 1 : 0) - 1;
    const label = rng.uniform() < 1 / (1 + Math.exp(-odds)) ? 'good' : 'bad';
    return `${rng.int(20) === 0 ? '' : a.toFixed(4)},${b.toFixed(4)},${c.toFixed(4)},${group},${label},${(odds + c + 0.3 * rng.normal()).toFixed(4)}`;
  });
  const csv = join(folder, 'table.csv');
  writeFileSync(csv, `a,b,c,group,label,value\n${lines.join('\n')}\n`);
  const file = join(folder, 'table.parquet');
  await withConnection((connection) =>
    connection.run(`COPY (FROM read_csv(${literal(csv)})) TO ${literal(file)} (FORMAT parquet)`),
  );
  return file;
}

async function measured(request: {
  service: string;
  target?: string;
  drop: string[];
  model?: string;
  k?: number;
  sizes?: number[];
}): Promise<FidelityCurve> {
  const { model, k = null, sizes = [100, 200], ...of } = request;
  const folder = tempDir();
  const file = await tableFile(folder);
  const plan = await planVersion(file, of);
  const context = workContext(folder);
  const input = { coresetId: 'cor_1', file, plan, size: 200, seed: 5, sizes, nDraws: 3, model, k, levels: [200, 400] };
  const { curveFile } = await work.work(input, context);
  return FidelityCurve.parse(JSON.parse(readFileSync(curveFile, 'utf8')));
}

const classes = { target: 'label', drop: ['value'] };
const numbers = { target: 'value', drop: ['label'] };
const none = { drop: ['label', 'value'] };
const plain = ['coreset', 'uniform', 'stratified'];
type Closer = readonly (readonly [string, string, number])[];
const isExact: Closer = [['coreset', 'uniform', 0.2]];
const isBetter: Closer = [['coreset', 'uniform', 1]];
const isAny: Closer = [];

describe.each([
  {
    service: 'logistic',
    of: classes,
    model: 'logisticRegression',
    on: 'training',
    kinds: plain,
    metric: 'rocAuc',
    closer: isExact,
  },
  { service: 'svm', of: classes, model: 'linearSvm', on: 'training', kinds: plain, metric: 'rocAuc', closer: isExact },
  {
    service: 'tree',
    of: classes,
    model: 'gradientBoosting',
    on: 'validation',
    kinds: ['coreset', 'refreshed', 'uniform', 'stratified'],
    metric: 'logLoss',
    closer: [['refreshed', 'coreset', 1]] as Closer,
  },
  {
    service: 'network',
    of: classes,
    model: 'neuralNetwork',
    on: 'validation',
    kinds: plain,
    metric: 'logLoss',
    closer: isAny,
  },
  { service: 'generic', of: classes, model: 'svc', on: 'validation', kinds: plain, metric: 'logLoss', closer: isAny },
  {
    service: 'linear',
    of: numbers,
    model: 'ridge',
    on: 'training',
    kinds: ['coreset', 'uniform'],
    metric: 'rmse',
    closer: isExact,
  },
  {
    service: 'generic',
    of: numbers,
    model: 'svr',
    on: 'validation',
    kinds: ['coreset', 'uniform'],
    metric: 'rmse',
    closer: isAny,
  },
  {
    service: 'kmeans',
    of: { ...none, k: 4 },
    model: 'kMeans',
    on: 'training',
    kinds: ['coreset', 'uniform'],
    metric: 'inertia',
    closer: isBetter,
  },
  {
    service: 'pca',
    of: { ...none, k: 2 },
    model: 'pca',
    on: 'training',
    kinds: ['coreset', 'uniform'],
    metric: 'explainedVariance',
    closer: isExact,
  },
] as const)('fidelity by $model on coresets for $service', ({ service, of, model, on, kinds, metric, closer }) => {
  test('every kind of sample at every size, with its gaps and what they say', async () => {
    const curve = await measured({ service, ...of, drop: [...of.drop] });
    expect(curve.model?.type).toBe(model);
    expect(curve.loss).toMatchObject({ rows: on, nRows: on === 'training' ? 2000 : 500 });
    expect(curve.nValidation).toBe(500);
    expect(curve.points.map(({ sample, size }) => `${sample} ${size}`).toSorted()).toEqual(
      kinds.flatMap((kind) => [`${kind} 100`, `${kind} 200`]).toSorted(),
    );
    for (const { excessLoss, gaps, nDraws } of curve.points) {
      expect(nDraws).toBe(3);
      for (const { low, median, high } of [excessLoss, gaps[metric]!]) {
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(low).not.toBe(high);
      }
    }
    expect(curve.advice[0]).toMatch(/^200 rows (are within|do as well as)/);
    expect(curve.saved!.cpuSecondsPerFit).toBeGreaterThanOrEqual(0);
    const at = (kind: string) => curve.points.find(({ sample, size }) => sample === kind && size === 200)!.excessLoss;
    for (const [nearer, farther, share] of closer) expect(at(nearer).median).toBeLessThan(share * at(farther).median);
  });
});

test('forests are measured where they are asked for, and models that do not fit are named', async () => {
  const forest = await measured({ service: 'tree', ...classes, model: 'randomForest', sizes: [200] });
  expect(forest.model).toEqual({ type: 'randomForest', title: 'Random forest' });
  expect(forest.points.map(({ sample }) => sample)).toContain('refreshed');
  await expect(measured({ service: 'tree', ...classes, model: 'svc' })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOR_CORESET',
    fix: { label: expect.stringContaining('gradientBoosting') as string },
  });
  await expect(measured({ service: 'kmeans', ...none, model: 'logisticRegression' })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOR_CORESET',
  });
});

test('a size that is no smaller than the data leaves nothing to measure, and the curve says so', async () => {
  const curve = await measured({ service: 'logistic', ...classes, sizes: [5000] });
  expect(curve.points).toEqual([]);
  expect(curve.advice).toEqual(['The data have no more rows than the coreset, so there is no gap to measure.']);
});
