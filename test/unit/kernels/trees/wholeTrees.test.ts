import { describe, expect, test } from 'vitest';
import { createRng } from '../../../../main/kernels/rng.ts';
import { binMatrix, learnBins } from '../../../../main/kernels/trees/binning.ts';
import { TreeGrower, type GrowOptions } from '../../../../main/kernels/trees/grower.ts';
import { openTreeTeam } from '../../../../main/kernels/trees/kernels.ts';
import type { BinnedTree } from '../../../../main/kernels/trees/treeArrays.ts';
import { Arena } from '../../../../main/kernels/wasm/arena.ts';
import { instantiate, loadWasm } from '../../../../main/kernels/wasm/load.ts';

const seeds = Array.from({ length: 60 }, (_, i) => i);

/** Random rows with gaps and, at times, a category column; random weights, monotone signs and limits. */
function problemOf(seed: number) {
  const rng = createRng(seed);
  const [n, d] = [[30, 200, 700, 20_000][seed % 4]! + rng.int(60), 1 + rng.int(11)];
  const isCategory = Array.from({ length: d }, () => rng.uniform() < 0.2);
  const share = rng.uniform() < 0.5 ? 0 : 0.1;
  const data = Float32Array.from({ length: n * d }, (_, at) => {
    if (rng.uniform() < share) return NaN;
    return isCategory[at % d] ? rng.int(9) : Math.round(16 * rng.normal()) / 16;
  });
  const weights =
    rng.uniform() < 0.5 ? undefined : Float64Array.from({ length: n }, () => 0.2 + 2 * rng.uniform() ** 3);
  const options: GrowOptions = {
    growth: rng.uniform() < 0.5 ? 'leafWise' : 'depthWise',
    maxLeafNodes: rng.uniform() < 0.3 ? Infinity : 2 + rng.int(70),
    maxDepth: rng.uniform() < 0.5 ? Infinity : 1 + rng.int(9),
    minSamplesLeaf: [0, 1, 5, 20][rng.int(4)]!,
    minSumHessian: rng.uniform() < 0.5 ? 0 : 2,
    minSplitGain: rng.uniform() < 0.5 ? 0 : 0.01,
    l2Regularization: rng.uniform(),
    catSmooth: 10 * rng.uniform(),
    catL2: 10 * rng.uniform(),
    isHessianWeight: rng.uniform() < 0.3,
    monotone: Int8Array.from(isCategory, (is) => (is || rng.uniform() < 0.6 ? 0 : rng.int(3) - 1)),
  };
  const gradients = Array.from({ length: 3 }, () => ({
    g: Int32Array.from({ length: n }, () => rng.int(2001) - 1000),
    h: Int32Array.from({ length: n }, () => 1 + rng.int(250)),
  }));
  const rows = Uint32Array.from({ length: n }, (_, i) => i).filter(() => rng.uniform() < 0.9);
  const active = Uint8Array.from(isCategory, (_, f) => (f === 0 || rng.uniform() < 0.7 ? 1 : 0));
  const levels = isCategory.map((is) => (is ? 9 : undefined));
  return { X: { data, nRows: n, nCols: d }, weights, options, gradients, rows, active, levels };
}

/** Three trees of the same rows and their order by leaf: on one thread at a time, or each split by `threads`. */
async function grow(p: ReturnType<typeof problemOf>, threads: number, nTrees: number) {
  const arena = new Arena();
  const team = await openTreeTeam(arena, threads);
  try {
    const map = learnBins(p.X, arena, team, { maxBins: 255, levels: p.levels, rng: createRng(1) });
    const data = binMatrix(p.X, map, arena, team, { needsColumns: true });
    const weights = p.weights ? arena.alloc(8 * data.n) : 0;
    if (p.weights) arena.f64(weights, data.n).set(p.weights);
    const grower = new TreeGrower(arena, team, data, weights, p.options, nTrees);
    const out: (BinnedTree & { readonly order: Uint32Array })[] = [];
    for (let first = 0; first < 3; first += grower.places.length) {
      const jobs = grower.places.slice(0, 3 - first).map(({ rows, gh }, i) => {
        const { g, h } = p.gradients[first + i]!;
        arena.u32(rows, p.rows.length).set(p.rows);
        arena.i64(gh, data.n).set(BigInt64Array.from(g, (v, k) => (BigInt(v) << 32n) + BigInt(h[k]!)));
        return { nRows: p.rows.length, scales: { g: 512, h: 64 } };
      });
      grower
        .grow(jobs, p.active)
        .forEach((tree, i) => out.push({ ...tree, order: arena.u32(grower.places[i]!.rows, p.rows.length).slice() }));
    }
    return { nPlaces: grower.places.length, trees: out };
  } finally {
    team.close();
  }
}

describe('trees grown whole are those grown split by split', () => {
  test.each(seeds)('seed %i', async (seed) => {
    const problem = problemOf(seed);
    const [bySplit, whole, together] = [
      await grow(problem, 2, 1),
      await grow(problem, 1, 1),
      await grow(problem, 2, 3),
    ];
    expect(together.nPlaces).toBe(3);
    expect(whole.trees).toEqual(bySplit.trees);
    expect(together.trees).toEqual(bySplit.trees);
  });

  test('a good part of them is not small', async () => {
    const sizes = await Promise.all(seeds.map(async (seed) => (await grow(problemOf(seed), 1, 1)).trees[0]!.nNodes));
    expect(sizes.filter((n) => n > 20).length).toBeGreaterThan(seeds.length / 3);
  });
});

describe('splits of few rows', () => {
  test.each(seeds)('are those of their histogram, and scratch is left zero, seed %i', async (seed) => {
    const rng = createRng(seed + 500);
    const arena = new Arena();
    const wasm = instantiate(await loadWasm(), arena.memory);
    const [n, d, nUsed] = [200, 8, 2 + rng.int(254)];
    const bins = arena.alloc(n * d);
    arena.u8(bins, n * d).set(Uint8Array.from({ length: n * d }, () => (rng.uniform() < 0.1 ? 255 : rng.int(nUsed))));
    const gh = arena.alloc(8 * n);
    const values = BigInt64Array.from({ length: n }, () => (BigInt(rng.int(2001) - 1000) << 32n) + BigInt(rng.int(99)));
    arena.i64(gh, n).set(values);
    const picked = Uint32Array.from({ length: n }, (_, i) => i).filter(() => rng.uniform() < 0.4);
    const rows = arena.alloc(4 * n);
    arena.u32(rows, picked.length).set(picked);
    const [hist, node, nBins, monotone, active] = [16_384 + 256 * 16, 128, 32, 8, 8].map((b) => arena.alloc(b)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    arena.i32(nBins, d).set(Int32Array.from({ length: d }, (_, f) => (f % 3 === 2 ? -nUsed : Math.min(nUsed, 254))));
    arena.u8(active, d).set(Uint8Array.from({ length: d }, () => Number(rng.uniform() < 0.8)));
    const total = picked.reduce((sum, i) => sum + values[i]!, 0n);
    arena.f64(node, 12).set([64, 8, rng.uniform(), rng.uniform(), 2, 1, 0, -Infinity, Infinity, 0, 1, 2]);
    arena.i64(node + 72, 1)[0] = total;
    const [zeros, scratch] = [arena.alloc(2048 + 32 + 4096), arena.alloc(4096)];
    const [want, have] = [arena.alloc(64 * d), arena.alloc(64 * d)];
    wasm.histogram(bins, d, 1, rows, 0, picked.length, gh, hist);
    wasm.bestSplits(hist, 0, d, nBins, monotone, active, node, scratch, want);
    const few = [rows, 0, picked.length, gh, d, nBins, monotone, active, node] as const;
    wasm.bestSplitsOfRows(bins, d, ...few, zeros, zeros + 2048, have);
    expect([...arena.u8(have, 64 * d)]).toEqual([...arena.u8(want, 64 * d)]);
    expect(arena.u8(zeros, 2048 + 32).every((byte) => byte === 0)).toBe(true);
  });
});
