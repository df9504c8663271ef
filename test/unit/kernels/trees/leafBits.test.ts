import { expect, test } from 'vitest';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { Ensemble } from '../../../../main/kernels/trees/ensemble.ts';
import { applyEnsemble, predictEnsemble } from '../../../../main/kernels/trees/predictor.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';

const d = 5;
function rows(nRows: number, seed: number, shareMissing = 0) {
  const rng = createRng(seed);
  const value = () => (rng.uniform() < shareMissing ? NaN : Math.round(8 * rng.normal()) / 8);
  return { data: Float32Array.from({ length: nRows * d }, value), nRows, nCols: d };
}

/** Leaf values of the nodes that a walk reaches, added tree by tree. */
async function walked(ensemble: Ensemble, X: ReturnType<typeof rows>): Promise<number[]> {
  const nTrees = ensemble.roots.length - 1;
  const reached = await applyEnsemble(ensemble, X);
  return Array.from({ length: X.nRows }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < nTrees; t++) sum += ensemble.values[reached[i * nTrees + t]!]!;
    return sum;
  });
}

// 31 leaves go by bits, 60 are walked; missing values are walked too.
test.each([
  { leaves: 2, nRows: 1, missing: 0 },
  { leaves: 31, nRows: 15, missing: 0 },
  { leaves: 31, nRows: 64, missing: 0 },
  { leaves: 31, nRows: 1093, missing: 0 },
  { leaves: 32, nRows: 2049, missing: 0 },
  { leaves: 31, nRows: 1500, missing: 0.0005 },
  { leaves: 60, nRows: 1093, missing: 0 },
])('$leaves leaves, $nRows rows: sums are those of the leaves a walk reaches', async ({ leaves, nRows, missing }) => {
  const X = rows(3000, 1);
  const y = Float64Array.from({ length: X.nRows }, (_, i) => Math.sin(3 * X.data[i * d]!) + X.data[i * d + 1]! ** 2);
  const { make } = await estimatorEntry('gradientBoosting');
  const params = { maxIter: 12, maxLeafNodes: leaves, minSamplesLeaf: 5 };
  const context = { rng: createRng(1), task: quietTask, threads: 1 };
  const fitted = await make(params).fit(X, y, { task: 'regression' }, context);
  const { ensemble } = fitted as unknown as { ensemble: Ensemble };
  expect(ensemble.roots.length).toBe(13);
  const seen = rows(nRows, 2, missing);
  expect([...(await predictEnsemble(ensemble, seen))]).toEqual(await walked(ensemble, seen));
});
