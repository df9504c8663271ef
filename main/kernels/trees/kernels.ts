import type { Kernels } from '../threads/chunks.ts';
import { openTeam, type Team } from '../threads/team.ts';
import { Arena } from '../wasm/arena.ts';
import type { Exports } from '../wasm/exports.ts';
import { instantiate, loadWasm } from '../wasm/load.ts';

/** Numbers of the kernels below, for `Team.run`. */
export const Op = {
  findCuts: 0,
  binRows: 1,
  histogram: 2,
  findSplits: 3,
  partition: 4,
  mergePartition: 5,
  gradients: 6,
  softmax: 7,
  quantise: 8,
  addLeaves: 9,
  routeBinned: 10,
  predictRaw: 11,
  applyRaw: 12,
  growTree: 13,
  treeShap: 14,
  sumRows: 15,
  refreshTree: 16,
  addReached: 17,
  splitRows: 18,
  growBoosted: 19,
  weighSplit: 20,
} as const;

/** Rows a chunk of row-wise work holds. Fixed, so that sums come out the same for any number of threads. */
export const CHUNK = 16384;
/** Rows a chunk of a refresh holds: few, so that all cores have work on small data too. */
export const REFRESH_CHUNK = 4096;
/** Bytes of one feature's histogram. */
export const HIST_BYTES = 2048;
/** Bytes of one feature's split result, and of a node's split parameters. */
export const RESULT_BYTES = 64;
export const NODE_BYTES = 128;

interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** The tree kernels over shared memory; called in every thread of a team. */
export function createKernels(shared: unknown): Kernels {
  const { module, memory } = shared as Shared;
  return kernelsOf(instantiate(module, memory), memory);
}

function kernelsOf(wasm: Exports, memory: WebAssembly.Memory): Kernels {
  const rowsOf = (chunk: number, from: number, to: number): readonly [number, number] => [
    from + chunk * CHUNK,
    Math.min(to, from + (chunk + 1) * CHUNK),
  ];
  const f64 = (at: number) => new Float64Array(memory.buffer, at, 1);
  const i32 = (at: number) => new Int32Array(memory.buffer, at, 1);
  return [
    // Columns c, c + step, c + 2 step …: [sample, n, d, weights, maxBins, scratch, scratchBytes, cuts, nBins, step]
    function findCuts(c, a) {
      for (let f = c; f < a[2]!; f += a[9]!) {
        const known = i32(a[8]! + 4 * f);
        if (known[0]! < 0) continue; // a category column: its bins are known
        known[0] = wasm.findCuts(a[0]!, a[1]!, a[2]!, f, a[3]!, a[4]!, a[5]! + c * a[6]!, a[7]! + 1024 * f);
      }
    },
    // [block, d, nRows, start, cuts, nBins, tables, byRow, stride, byColumn, n]; 1,024 rows a chunk
    function binRows(c, a) {
      const to = Math.min(a[2]!, (c + 1) * 1024);
      wasm.binRows(a[0]!, a[1]!, c * 1024, to, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!);
    },
    // [bins, stride, nGroups, rows, from, to, gh, parts, partBytes, nParts]
    function histogram(c, a) {
      const [from, to, nParts] = [a[4]!, a[5]!, a[9]!];
      const begin = from + Math.floor(((to - from) * c) / nParts);
      const end = from + Math.floor(((to - from) * (c + 1)) / nParts);
      wasm.histogram(a[0]!, a[1]!, a[2]!, a[3]!, begin, end, a[6]!, a[7]! + c * a[8]!);
    },
    // A group of 8 features: [parts, nParts, partBytes, small, large, nFeatures, nBins, monotone, active, nodes, scratch, out, outBytes]
    function findSplits(c, a) {
      const [small, large, nFeatures] = [a[3]!, a[4]!, a[5]!];
      wasm.mergeHistograms(a[0]!, a[1]!, a[2]!, c, small, large);
      const to = Math.min(nFeatures, 8 * c + 8);
      const scratch = a[10]! + 4096 * c;
      wasm.bestSplits(small, 8 * c, to, a[6]!, a[7]!, a[8]!, a[9]!, scratch, a[11]!);
      if (large !== 0) {
        wasm.bestSplits(large, 8 * c, to, a[6]!, a[7]!, a[8]!, a[9]! + NODE_BYTES, scratch, a[11]! + a[12]!);
      }
    },
    // [rows, from, to, column, threshold, missingLeft, bits, left, right, weights, chunks (i32 nLeft, pad, f64 leftWeight)]
    function partition(c, a) {
      const [from, to] = rowsOf(c, a[1]!, a[2]!);
      const nLeft = wasm.partitionChunk(a[0]!, from, to, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!);
      i32(a[10]! + 16 * c)[0] = nLeft;
      f64(a[10]! + 16 * c + 8)[0] = a[9] === 0 ? nLeft : wasm.sumWeights(a[7]!, from, from + nLeft, a[9]!);
    },
    // [rows, from, to, left, right, chunks]: copies every chunk's halves to their final places
    function mergePartition(c, a) {
      const [from, to] = rowsOf(c, a[1]!, a[2]!);
      const chunks = new Int32Array(memory.buffer, a[5]!, 4 * Math.ceil((a[2]! - a[1]!) / CHUNK));
      let leftBefore = 0;
      let leftTotal = 0;
      for (let k = 0; 4 * k < chunks.length; k++) {
        if (k < c) leftBefore += chunks[4 * k]!;
        leftTotal += chunks[4 * k]!;
      }
      const nLeft = chunks[4 * c]!;
      const rightBefore = from - a[1]! - leftBefore;
      wasm.placeHalves(
        a[0]! + 4 * (a[1]! + leftBefore),
        a[3]! + 4 * from,
        nLeft,
        a[0]! + 4 * (a[1]! + leftTotal + rightBefore),
        a[4]! + 4 * from,
        to - from - nLeft,
      );
    },
    // [loss, n, score, y, weights, alpha, g, h, sums]
    function gradients(c, a) {
      const [from, to] = rowsOf(c, 0, a[1]!);
      wasm.gradients(a[0]!, from, to, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]! + 24 * c);
    },
    // [nClasses, n, score, y, weights, g, h, sums]
    function softmax(c, a) {
      const [from, to] = rowsOf(c, 0, a[1]!);
      const sums = a[7]! + 24 * a[0]! * c;
      wasm.softmaxGradients(a[0]!, a[1]!, from, to, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, sums);
    },
    // [n, g, h, weights, scaleG, scaleH, gh]
    function quantise(c, a) {
      const [from, to] = rowsOf(c, 0, a[0]!);
      wasm.quantise(from, to, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!);
    },
    // [rows, n, leaves, score]
    function addLeaves(c, a) {
      const [from, to] = rowsOf(c, 0, a[1]!);
      wasm.addLeafValues(a[0]!, from, to, a[2]!, a[3]!);
    },
    // [bins, stride, rows, n, nodes, bits, score, leafOut]
    function routeBinned(c, a) {
      const [from, to] = rowsOf(c, 0, a[3]!);
      wasm.routeBinned(a[0]!, a[1]!, a[2]!, from, to, a[4]!, a[5]!, a[6]!, a[7]!);
    },
    // [X, d, n, nodes, bits, packed, roots, depths, nTrees, values, nOut, width, scale, blockRows, out, tests or 0, starts,
    // leaf values, columns (256 d bytes a chunk)]; 1,024 rows a chunk
    function predictRaw(c, a) {
      const to = Math.min(a[2]!, (c + 1) * 1024);
      const [scratch, out] = [a[18]! + 256 * a[1]! * c, a[14]!];
      const [tests, starts, leaves] = [a[15]!, a[16]!, a[17]!];
      if (
        tests !== 0 &&
        wasm.predictLeafBits(a[0]!, a[1]!, c * 1024, to, tests, starts, leaves, a[8]!, a[11]!, a[12]!, scratch, out) !==
          0
      )
        return;
      wasm.predictRaw(
        a[0]!,
        a[1]!,
        c * 1024,
        to,
        a[3]!,
        a[4]!,
        a[5]!,
        a[6]!,
        a[7]!,
        a[8]!,
        a[9]!,
        a[10]!,
        a[11]!,
        a[12]!,
        a[13]!,
        scratch,
        a[14]!,
      );
    },
    // [X, d, n, nodes, bits, roots, nTrees, out]
    function applyRaw(c, a) {
      const to = Math.min(a[2]!, (c + 1) * 1024);
      wasm.applyRaw(a[0]!, a[1]!, c * 1024, to, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!);
    },
    // A tree of a forest: [params, paramBytes, counts (i32 number of nodes)]
    function growTree(c, a) {
      i32(a[2]! + 4 * c)[0] = wasm.growTree(a[0]! + c * a[1]!);
    },
    // [X, d, n, nodes, bits, leaves, nLeaves, paths, features, tables, out]; 128 rows a chunk
    function treeShap(c, a) {
      const to = Math.min(a[2]!, (c + 1) * 128);
      wasm.treeShapRows(a[0]!, a[1]!, c * 128, to, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!);
    },
    // [rows, n, gh, weights, out (24 bytes a chunk)]
    function sumRows(c, a) {
      const [from, to] = rowsOf(c, 0, a[1]!);
      wasm.sumRows(a[0]!, from, to, a[2]!, a[3]!, a[4]! + 24 * c);
    },
    // Of all rows, the former tree's values added to the score, gradients (loss ≥ 0), and their sums by leaf of a tree:
    // [n, leaf, values or 0, score, loss, y, weights, alpha, g, h, lossSums, X or bins, d or stride, nodes, bits, packed, root,
    // nNodes, isBinned, sums]
    function refreshTree(c, a) {
      const [from, to] = [c * REFRESH_CHUNK, Math.min(a[0]!, (c + 1) * REFRESH_CHUNK)];
      if (a[2] !== 0) wasm.addReached(a[1]!, from, to, a[2]!, a[3]!);
      const [g, h] = [a[8]!, a[9]!];
      if (a[4]! >= 0) wasm.gradients(a[4]!, from, to, a[3]!, a[5]!, a[6]!, a[7]!, g, h, a[10]! + 24 * c);
      const [X, d, nodes, bits, packed, root, nNodes] = [a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!];
      const sums = a[19]! + 24 * nNodes * c;
      if (a[18] !== 0) wasm.routeBinSums(X, d, from, to, nodes, nNodes, g, h, a[6]!, a[1]!, sums);
      else wasm.routeSums(X, d, from, to, nodes, bits, packed, root, nNodes, g, h, a[6]!, a[1]!, sums);
    },
    // [n, leaf, values, score]
    function addReached(c, a) {
      wasm.addReached(a[1]!, c * REFRESH_CHUNK, Math.min(a[0]!, (c + 1) * REFRESH_CHUNK), a[2]!, a[3]!);
    },
    // A node of few rows: [bins, stride, rows, from, to, gh, nFeatures, nBins, monotone, active, node, hist, scratch, out]
    function splitRows(_, a) {
      const [bins, stride, rows, from, to, gh, nFeatures] = [a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!];
      const [nBins, monotone, active, node, hist] = [a[7]!, a[8]!, a[9]!, a[10]!, a[11]!];
      const [scratch, out] = [a[12]!, a[13]!];
      wasm.bestSplitsOfRows(
        bins,
        stride,
        rows,
        from,
        to,
        gh,
        nFeatures,
        nBins,
        monotone,
        active,
        node,
        hist,
        scratch,
        out,
      );
    },
    // A boosted tree: [params, paramBytes, counts (i32 number of nodes)]
    function growBoosted(c, a) {
      i32(a[2]! + 4 * c)[0] = wasm.growBoosted(a[0]! + c * a[1]!);
    },
    // A feature of a node by weights: [column, rows, from, to, gh, weights, nBins, monotone, node, zeros, out]
    function weighSplit(_, a) {
      const zeros = a[9]!;
      const [counts, scratch] = [zeros + HIST_BYTES + 32 + 4096, zeros + HIST_BYTES + 32];
      const [column, rows, from, to, gh, weights] = [a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!];
      wasm.bestWeighedSplit(column, rows, from, to, gh, weights, a[6]!, a[7]!, a[8]!, zeros, counts, scratch, a[10]!);
    },
  ];
}

/** A team with the tree kernels over `arena`. Close it before the arena is returned. */
export async function openTreeTeam(arena: Arena, threads: number): Promise<Team> {
  const module = await loadWasm();
  const shared: Shared = { module, memory: arena.memory };
  const kernels = createKernels(shared);
  return openTeam({ threads, kernelUrl: import.meta.url, shared, kernels });
}
