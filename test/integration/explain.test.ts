import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { explanations, type Question } from '../../main/contract/explain.ts';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

/** `size` decides, `colour` helps a little, `noise` not at all. */
function table(): string {
  const rng = createRng(2);
  const rows = Array.from({ length: 1500 }, (_, i) => {
    const size = rng.normal();
    const colour = ['red', 'green', ''][rng.int(3)]!;
    const odds = 3 * size + (colour === 'red' ? 1 : 0);
    return `${i % 20 === 0 ? '' : size.toFixed(4)},${colour},${rng.normal().toFixed(3)},${rng.uniform() < 1 / (1 + Math.exp(-odds)) ? 'vast' : 'small'}`;
  });
  return `size,colour,noise,kind\n${rows.join('\n')}\n`;
}

async function trained(model: string, target = 'kind') {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: join(folder, 'p') });
  const file = join(folder, 'things.csv');
  writeFileSync(file, table());
  const { runId, jobId } = await engine.ask('run.start', {
    projectId,
    yaml: `data: {path: ${JSON.stringify(file)}, target: ${target}}\ncoreset: ${target === 'kind' ? '{size: 300}' : 'false'}\nmodel: ${model}\n`,
  });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const start = async (question: Question, args: Record<string, unknown> = {}) => {
    const { jobId } = await engine.ask('run.explain', { projectId, runId, question, args });
    return stateOf(engine, jobId, isOver);
  };
  const ask = async <Q extends Question>(question: Q, args: Record<string, unknown> = {}) => {
    expect(await engine.ask('run.explanation', { projectId, runId, question, args })).toBeNull();
    expect(await start(question, args)).toMatchObject({ status: 'done' });
    return explanations[question].parse(await engine.ask('run.explanation', { projectId, runId, question, args }));
  };
  return { ask, start };
}

test.each([
  ['gradientBoosting', '{type: gradientBoosting, params: {maxIter: 30}}'],
  ['randomForest', '{type: randomForest, params: {nEstimators: 20}}'],
  ['logisticRegression', '{type: logisticRegression}'],
])('%s is explained', async (type, model) => {
  const { ask, start } = await trained(model);
  const importance = explanations.importance.parse(await ask('importance', { kind: 'permutation' }));
  expect(importance.items[0]).toMatchObject({ feature: 'size' });
  expect(importance.items[0]!.value).toBeGreaterThan(0.1);
  expect(importance.items.find(({ feature }) => feature === 'noise')!.low).toBeLessThan(0.02);

  const shap = explanations.shap.parse(await ask('shap'));
  expect(shap.features.toSorted()).toEqual(['colour', 'noise', 'size']);
  shap.values.forEach((row, i) =>
    expect(row.reduce((sum, v) => sum + v, shap.base)).toBeCloseTo(shap.predictions[i]!, 8),
  );
  const size = shap.features.indexOf('size');
  const known = shap.cells.map((row, i) => [row[size], shap.values[i]![size]!]).filter(([cell]) => cell !== null);
  // Larger things are called vast.
  const rising = known.filter(([cell, value]) => Number(cell) > 0.5 === Number(value) > 0).length;
  expect(rising / known.length).toBeGreaterThan(0.75);

  const one = explanations.prediction.parse(await ask('prediction', { row: { size: 2.5, colour: 'red', noise: 0 } }));
  expect(one.contributions[0]).toMatchObject({ feature: 'size', cell: 2.5 });

  const dependence = explanations.partialDependence.parse(await ask('partialDependence', { feature: 'size' }));
  expect(dependence.mean.at(-1)! - dependence.mean[0]!).toBeGreaterThan(0.5);
  const levels = explanations.partialDependence.parse(await ask('partialDependence', { feature: 'colour' }));
  expect(levels.x).toContain('red');

  const curve = explanations.learningCurve.parse(await ask('learningCurve', { sizes: [60, 600] }));
  expect(curve.points.map(({ nRows }) => nRows)).toEqual([60, 600]);
  expect(curve.points[1]!.validation).toBeGreaterThan(0.8);
  expect(curve.advice.length).toBeGreaterThan(0);

  const drawing = type === 'logisticRegression' ? await start('tree') : await ask('tree', { index: 3 });
  const expected =
    type === 'logisticRegression'
      ? { status: 'failed', error: { code: 'EXPLAIN_NOT_FOR_MODEL' } }
      : {
          index: 3,
          classes: ['small', 'vast'],
          ...(type === 'gradientBoosting' && { unit: 'added to the log-odds of vast' }),
        };
  expect(drawing).toMatchObject(expected);
});

test('a column the model does not have and a row that is not there are named', async () => {
  const { start } = await trained('{type: logisticRegression}');
  expect(await start('partialDependence', { feature: 'weight' })).toMatchObject({ error: { code: 'COLUMN_UNKNOWN' } });
  expect(await start('prediction', { rowId: 10_000 })).toMatchObject({ error: { code: 'ROW_UNKNOWN' } });
});

test('a tree of a regression forest predicts in the unit of its target', async () => {
  const { ask } = await trained('{type: randomForest, params: {nEstimators: 3}}', 'size');
  const { unit, nodes } = explanations.tree.parse(await ask('tree', { index: 1 }));
  expect(unit).toBe('size');
  const leaves = nodes.filter(({ children }) => children.length === 0);
  // `size` is standard normal: so are the values of its leaves, and the root predicts about their mean.
  expect(Math.max(...leaves.map(({ value }) => value!))).toBeGreaterThan(2);
  expect(Math.min(...leaves.map(({ value }) => value!))).toBeLessThan(-2);
  const rows = leaves.reduce((sum, { nRows }) => sum + nRows, 0);
  expect(nodes[0]!.value).toBeCloseTo(
    leaves.reduce((sum, { nRows, value }) => sum + (nRows * value!) / rows, 0),
    4,
  );
});
