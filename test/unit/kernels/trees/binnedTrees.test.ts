import { expect, test } from 'vitest';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { BinnedTrees } from '../../../../main/kernels/trees/binnedTrees.ts';
import { openTreeTeam } from '../../../../main/kernels/trees/kernels.ts';
import { applyEnsemble } from '../../../../main/kernels/trees/predictor.ts';
import { Arena } from '../../../../main/kernels/wasm/arena.ts';
import { instantiate, loadWasm } from '../../../../main/kernels/wasm/load.ts';
import type { Feature } from '../../../../main/models/estimator.ts';
import { gradientBoosting } from '../../../../main/models/tree/boosting/entry.ts';
import type { FittedBoosting } from '../../../../main/models/tree/boosting/fitted.ts';

const d = 4;
function rows(n: number, seed: number, nLevels: number, share: number) {
  const rng = createRng(seed);
  const special = [NaN, NaN, Infinity, -Infinity, 0];
  const data = Float32Array.from({ length: n * d }, (_, at) => {
    if (rng.uniform() < share) return special[rng.int(5)]!;
    return at % d === 3 ? rng.int(nLevels) : Math.round(32 * rng.normal()) / 32;
  });
  return { data, nRows: n, nCols: d };
}

function features(nLevels: number): Feature[] {
  const names = ['a', 'b', 'c'].map((name) => ({ name, source: name, kind: 'number' }) as const);
  return [...names, { name: 'd', source: 'd', kind: 'category', nLevels }];
}

async function fit(nLevels: number, params: Readonly<Record<string, unknown>>): Promise<FittedBoosting> {
  // Columns of many levels are split into sets of levels only where each has a hundred rows.
  const X = rows(Math.max(3000, 110 * nLevels), 1, nLevels, 0.05);
  for (let i = 0; i < X.nRows; i++) {
    if (!(X.data[i * d + 3]! >= 0 && X.data[i * d + 3]! < nLevels)) X.data[i * d + 3] = NaN;
  }
  const y = Float64Array.from({ length: X.nRows }, (_, i) => {
    const [a, b, level] = [X.data[i * d]!, X.data[i * d + 1]!, X.data[i * d + 3]!];
    return (Number.isFinite(a) ? Math.sin(3 * a) : 2) + (b > 0 ? 1 : 0) * ((level * 7) % 5 || 0);
  });
  // As many rows a level as sets of many levels ask for (categoryLevels): each counts 11 times.
  const sampleWeight = new Float64Array(X.nRows).fill(11);
  const context = { rng: createRng(1), task: quietTask, threads: 1, features: features(nLevels), sampleWeight };
  return (await gradientBoosting.make(params).fit(X, y, { task: 'regression' }, context)) as FittedBoosting;
}

// Levels that were not there at fit, missing and infinite values, and more rows than fill groups of eight.
test.each([
  { nLevels: 6, nRows: 1003, leaves: 31 },
  { nLevels: 120, nRows: 517, leaves: 124 },
  { nLevels: 254, nRows: 64, leaves: 60 },
  { nLevels: 6, nRows: 3, leaves: 2 },
])(
  'trees over bins take the ways of the trees: $nLevels levels, $leaves leaves',
  async ({ nLevels, nRows, leaves }) => {
    const { ensemble } = await fit(nLevels, { maxIter: 8, maxLeafNodes: leaves, minSamplesLeaf: 5 });
    expect(ensemble.categories.length).toBeGreaterThan(leaves === 2 ? -1 : 0);
    const X = rows(nRows, 2, nLevels + 3, 0.1);
    const want = await applyEnsemble(ensemble, X);
    const arena = new Arena();
    const wasm = instantiate(await loadWasm(), arena.memory);
    const team = await openTreeTeam(arena, 1);
    const trees = BinnedTrees.of(ensemble, X, arena, team)!;
    const [g, h, leaf] = [arena.alloc(4 * nRows), arena.alloc(4 * nRows), arena.alloc(4 * nRows)];
    arena.f32(g, nRows).set(Float32Array.from({ length: nRows }, (_, i) => i % 7));
    arena.f32(h, nRows).fill(1);
    for (let t = 0; t < 8; t++) {
      const nodeAt = trees.place(t);
      const sums = arena.alloc(24 * nodeAt.length);
      const { byRow, stride } = trees.rows;
      wasm.routeBinSums(byRow, stride, 0, nRows, trees.nodes, nodeAt.length, g, h, 0, leaf, sums);
      const reached = [...arena.i32(leaf, nRows)].map((j) => nodeAt[j]);
      expect(reached).toEqual(Array.from({ length: nRows }, (_, i) => want[i * 8 + t]));
      const sumG = new Float64Array(nodeAt.length);
      arena.i32(leaf, nRows).forEach((j, i) => (sumG[j]! += i % 7));
      expect([...arena.f64(sums, 3 * nodeAt.length)].filter((_, at) => at % 3 === 0)).toEqual([...sumG]);
    }
  },
);

test('a feature with more levels than a byte tells apart is left to the raw walk', async () => {
  const { ensemble } = await fit(300, { maxIter: 8, maxLeafNodes: 60, minSamplesLeaf: 1 });
  const arena = new Arena();
  const team = await openTreeTeam(arena, 1);
  expect(ensemble.categories.length).toBeGreaterThan(0);
  expect(BinnedTrees.of(ensemble, rows(10, 3, 300, 0), arena, team)).toBe(null);
});
