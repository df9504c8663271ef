// oxlint-disable vitest/no-conditional-expect -- one table holds cases with different expectations
import { beforeAll, describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../../../main/kernels/rng.ts';
import { Arena } from '../../../../main/kernels/wasm/arena.ts';
import type { Exports } from '../../../../main/kernels/wasm/exports.ts';
import { instantiate, loadWasm } from '../../../../main/kernels/wasm/load.ts';

let arena: Arena;
let wasm: Exports;
beforeAll(async () => {
  arena = new Arena();
  wasm = instantiate(await loadWasm(), arena.memory);
});

const seeds = Array.from({ length: 100 }, (_, i) => i);
const fresh = (seed: number): Rng => {
  arena.reset();
  return createRng(seed);
};

/** Random bins of n rows and fixed-point gradients, in shared memory. */
function randomRows(rng: Rng, n: number, nGroups: number, nBins: number) {
  const stride = 8 * nGroups;
  const bins = arena.alloc(n * stride);
  const u8 = arena.u8(bins, n * stride);
  for (let i = 0; i < u8.length; i++) u8[i] = rng.uniform() < 0.1 ? 255 : rng.int(nBins);
  const gh = arena.alloc(8 * n);
  const g = Array.from({ length: n }, () => rng.int(2001) - 1000);
  const h = Array.from({ length: n }, () => rng.int(1000));
  for (let i = 0; i < n; i++) arena.i64(gh, n)[i] = (BigInt(g[i]!) << 32n) + BigInt(h[i]!);
  const rows = Uint32Array.from({ length: n }, (_, i) => i).filter(() => rng.uniform() < 0.6);
  const at = arena.alloc(4 * n);
  arena.u32(at, rows.length).set(rows);
  return { stride, bins, u8: u8.slice(), gh, g, h, rows, at };
}

/** Sums of g and h by bin of feature f over `rows`. */
function sumsOf(p: ReturnType<typeof randomRows>, f: number, rows: Iterable<number>) {
  const G = Array.from({ length: 256 }, () => 0);
  const H = Array.from({ length: 256 }, () => 0);
  for (const r of rows) {
    const bin = p.u8[r * p.stride + f]!;
    G[bin]! += p.g[r]!;
    H[bin]! += p.h[r]!;
  }
  return { G, H };
}

describe('histograms', () => {
  test.each(seeds)('equal plain sums, in one part or several, seed %i', (seed) => {
    const rng = fresh(seed);
    const nGroups = 1 + rng.int(3);
    const p = randomRows(rng, 20 + rng.int(1500), nGroups, 1 + rng.int(254));
    const bytes = nGroups * 16384 + 256 * (p.stride + 8);
    const nParts = 1 + rng.int(3);
    const parts = arena.alloc(bytes * nParts);
    const m = p.rows.length;
    for (let k = 0; k < nParts; k++) {
      const [from, to] = [Math.floor((m * k) / nParts), Math.floor((m * (k + 1)) / nParts)];
      wasm.histogram(p.bins, p.stride, nGroups, p.at, from, to, p.gh, parts + k * bytes);
    }
    const [small, parent] = [arena.alloc(nGroups * 16384), arena.alloc(nGroups * 16384)];
    const start = 5n << 40n;
    arena.i64(parent, nGroups * 2048).fill(start);
    for (let g = 0; g < nGroups; g++) wasm.mergeHistograms(parts, nParts, bytes, g, small, parent);
    const have = arena.i64(small, nGroups * 2048);
    for (let f = 0; f < p.stride; f++) {
      const { G, H } = sumsOf(p, f, p.rows);
      for (let b = 0; b < 256; b++) {
        const want = (BigInt(G[b]!) << 32n) + BigInt(H[b]!);
        if (have[f * 256 + b] !== want) expect([f, b, have[f * 256 + b]]).toEqual([f, b, want]);
      }
    }
    expect(arena.i64(parent, nGroups * 2048).every((v, i) => v === start - have[i]!)).toBe(true);
  });
});

describe('best split', () => {
  test.each(seeds)('gains what brute force gains, seed %i', (seed) => {
    const rng = fresh(seed + 1000);
    const nBins = 2 + rng.int(40);
    const p = randomRows(rng, 30 + rng.int(400), 1, nBins);
    const hist = arena.alloc(16384 + 256 * (p.stride + 8));
    wasm.histogram(p.bins, p.stride, 1, p.at, 0, p.rows.length, p.gh, hist);
    const isCategory = seed % 4 === 3;
    const lambda = rng.uniform() * 50;
    const minHessian = rng.uniform() < 0.5 ? 0 : 2000 * rng.uniform();
    const [scaleG, scaleH] = [8, 4];
    const monotone = isCategory ? 0 : rng.int(3) - 1;
    const [node, out, scratch, binsAt, mono, active] = [128, 1024, 4096, 32, 8, 8].map((bytes) =>
      arena.alloc(bytes),
    ) as [number, number, number, number, number, number];
    const { G, H } = sumsOf(p, 0, p.rows);
    const [sumG, sumH] = [G.reduce((a, b) => a + b, 0), H.reduce((a, b) => a + b, 0)];
    arena.f64(node, 12).set([scaleG, scaleH, lambda, minHessian / scaleH, 0, 1, 0, -Infinity, Infinity, 0, 1, 2]);
    arena.i64(node + 72, 1)[0] = (BigInt(sumG) << 32n) + BigInt(sumH);
    arena.i32(binsAt, 1)[0] = isCategory ? -nBins : nBins;
    arena.u8(mono, 1)[0] = monotone & 255;
    arena.u8(active, 1)[0] = 1;
    wasm.bestSplits(hist, 0, 1, binsAt, mono, active, node, scratch, out);
    const gain = arena.f64(out, 1)[0]!;

    const l2 = isCategory ? lambda + 2 : lambda;
    const gainOf = (left: readonly number[]) => {
      const gl = left.reduce((sum, b) => sum + G[b]!, 0) / scaleG;
      const hl = left.reduce((sum, b) => sum + H[b]!, 0) / scaleH;
      const [gr, hr] = [sumG / scaleG - gl, sumH / scaleH - hl];
      const least = Math.max(minHessian / scaleH, 1e-12);
      if (hl < least || hr < least || left.length === 0) return -1;
      const [vl, vr] = [-gl / (hl + l2), -gr / (hr + l2)];
      if ((monotone > 0 && vl > vr) || (monotone < 0 && vl < vr)) return -1;
      return gl ** 2 / (hl + l2) + gr ** 2 / (hr + l2) - (sumG / scaleG) ** 2 / (sumH / scaleH + l2);
    };
    let best = -1;
    const used = Array.from({ length: 256 }, (_, b) => b).filter((b) => G[b] !== 0 || H[b] !== 0);
    if (isCategory) {
      const key = (b: number) => G[b]! / scaleG / (H[b]! / scaleH + 1);
      const order = used.toSorted((a, b) => key(a) - key(b));
      for (let k = 1; k < order.length; k++) best = Math.max(best, gainOf(order.slice(0, k)));
    } else {
      const numbers = used.filter((b) => b !== 255);
      for (let k = 0; k <= numbers.length; k++) {
        const left = numbers.slice(0, k);
        best = Math.max(best, gainOf(left));
        // Missing alone on the left is the mirror image of missing alone on the right, which is tried.
        if (used.includes(255) && k > 0) best = Math.max(best, gainOf([...left, 255]));
      }
    }
    if (best <= 0) expect(gain).toBe(-1);
    else expect(gain / best).toBeCloseTo(1, 9);
  });
});

describe('partition', () => {
  test.each(seeds)('keeps order on both sides, seed %i', (seed) => {
    const rng = fresh(seed + 2000);
    const n = 1 + rng.int(500);
    const column = arena.alloc(n);
    const bins = arena.u8(column, n);
    for (let i = 0; i < n; i++) bins[i] = rng.uniform() < 0.2 ? 255 : rng.int(30);
    const rows = arena.alloc(4 * n);
    arena.u32(rows, n).set(Uint32Array.from({ length: n }, (_, i) => n - 1 - i));
    const [left, right, bits] = [arena.alloc(4 * n), arena.alloc(4 * n), arena.alloc(32)];
    const isCategory = seed % 2 === 0;
    for (let b = 0; b < 32; b++) arena.u8(bits, 32)[b] = rng.int(256);
    const [threshold, missingLeft] = [rng.int(30), rng.int(2)];
    const set = arena.u8(bits, 32).slice();
    const goesLeft = (bin: number) =>
      isCategory ? ((set[bin >> 3]! >> (bin & 7)) & 1) === 1 : bin === 255 ? missingLeft === 1 : bin <= threshold;
    const order = [...arena.u32(rows, n)];
    const values = bins.slice();
    const nLeft = wasm.partitionChunk(rows, 0, n, column, threshold, missingLeft, isCategory ? bits : 0, left, right);
    expect([...arena.u32(left, nLeft)]).toEqual(order.filter((r) => goesLeft(values[r]!)));
    expect([...arena.u32(right, n - nLeft)]).toEqual(order.filter((r) => !goesLeft(values[r]!)));
  });
});

describe('cut points and bins', () => {
  test.each(seeds)('order is kept, few values get a bin each, weights count as repeats, seed %i', (seed) => {
    const rng = fresh(seed + 3000);
    const n = 5 + rng.int(800);
    const nDistinct = seed % 2 ? 1 + rng.int(20) : 2000;
    const values = Float32Array.from({ length: n }, () =>
      rng.uniform() < 0.1 ? NaN : nDistinct < 100 ? (rng.int(nDistinct) - 5) * 0.37 : rng.normal() * 10 ** rng.int(5),
    );
    const w = Float64Array.from({ length: n }, () => rng.int(3));
    const cutsOf = (x: Float32Array, weights: Float64Array | undefined, maxBins: number) => {
      const sample = arena.alloc(4 * x.length + 4);
      arena.f32(sample, x.length).set(x);
      const weightsAt = weights ? arena.alloc(8 * x.length) : 0;
      if (weights) arena.f64(weightsAt, x.length).set(weights);
      const cuts = arena.alloc(1024);
      const nBins = wasm.findCuts(
        sample,
        x.length,
        1,
        0,
        weightsAt,
        maxBins,
        arena.alloc(16 * x.length + 24_700),
        cuts,
      );
      return { nBins, at: cuts, cuts: [...arena.f32(cuts, 256)].slice(0, Math.max(0, nBins - 1)) };
    };
    const maxBins = 2 + rng.int(254);
    const weighted = cutsOf(values, w, maxBins);
    const repeated = cutsOf(
      Float32Array.from([...values].flatMap((v, i) => Array.from({ length: w[i]! }, () => v))),
      undefined,
      maxBins,
    );
    expect(weighted.cuts).toEqual(repeated.cuts);
    const { nBins, cuts, at } = cutsOf(values, undefined, maxBins);
    expect(cuts).toEqual(cuts.toSorted((a, b) => a - b));
    expect(nBins).toBeLessThanOrEqual(maxBins);
    const known = new Set([...values].filter((v) => !Number.isNaN(v)));
    if (known.size <= maxBins) expect(nBins).toBe(known.size);

    const block = arena.alloc(4 * n);
    arena.f32(block, n).set(values);
    const [nBinsAt, tables, out] = [arena.alloc(4), arena.alloc(4), arena.alloc(8 * n)];
    arena.i32(nBinsAt, 1)[0] = nBins;
    wasm.binRows(block, 1, 0, n, 0, at, nBinsAt, tables, out, 8, 0, n);
    const bins = arena.u8(out, 8 * n);
    for (let i = 0; i < n; i++) {
      const want = Number.isNaN(values[i]!) ? 255 : cuts.filter((cut) => cut < values[i]!).length;
      if (bins[8 * i] !== want) expect([i, values[i], bins[8 * i]]).toEqual([i, values[i], want]);
    }
  });
});
