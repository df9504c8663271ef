import { expect, test } from 'vitest';
import { takeRows, type Matrix } from '../../main/kernels/matrix.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { quietTask } from '../../main/kernels/task.ts';
import { estimatorEntry, estimatorSpecs, structureOf } from '../../main/models/registry.ts';

/**
 * What a model says of a row is the same whether it is asked for that row alone or among very many: other code runs for
 * many rows than for few.
 */
const [N, MANY, D] = [400, 12_000, 30];
const specs = (await estimatorSpecs()).filter((spec) => structureOf(spec) === null);

function rows(n: number): { X: Matrix; classes: Float64Array; values: Float64Array } {
  const rng = createRng(8);
  const data = Float32Array.from({ length: n * D }, () => rng.normal());
  const values = Float64Array.from(
    { length: n },
    (_, i) => 100 + 20 * data[i * D]! - 5 * data[i * D + 1]! + rng.normal(),
  );
  return { X: { data, nRows: n, nCols: D }, values, classes: values.map((v) => (v > 110 ? 2 : v > 95 ? 1 : 0)) };
}

const tasks = specs.flatMap((spec) =>
  spec.tasks.flatMap((task) => (task === 'unsupervised' ? [] : [{ type: spec.type, task }])),
);

test.each(tasks)('$type, $task', async ({ type, task }) => {
  const { X, classes, values } = rows(N);
  const entry = await estimatorEntry(type);
  const y = task === 'regression' ? values : task === 'binary' ? classes.map((c) => Number(c > 0)) : classes;
  const target = task === 'regression' ? ({ task } as const) : ({ task, nClasses: task === 'binary' ? 2 : 3 } as const);
  const params = type === 'neuralNetwork' ? { epochs: 5 } : {};
  const fitted = await entry.make(params).fit(X, y, target, { rng: createRng(1), task: quietTask, threads: 2 });
  const many = rows(MANY).X;
  const ask = async (some: Matrix) =>
    task === 'regression' ? await fitted.predict(some) : (await fitted.predictProba(some)).data;
  const together = await ask(many);
  const width = together.length / MANY;
  for (const at of [0, 7, 5000, MANY - 1]) {
    const alone = await ask(takeRows(many, Uint32Array.of(at)));
    const same = together.slice(at * width, (at + 1) * width);
    for (let k = 0; k < width; k++)
      expect(Math.abs(alone[k]! - same[k]!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(same[k]!)));
  }
});
