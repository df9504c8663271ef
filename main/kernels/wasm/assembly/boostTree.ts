// One whole boosted tree, grown by one thread: on few rows a split costs less than handing it from thread to thread.
// What TreeGrower (kernels/trees/grower.ts) does split by split, to the same last bit.

import { histogram, mergeHistograms } from './hist';
import { partitionChunk, placeHalves, sumWeights } from './partition';
import { bestSplits, bestSplitsOfRows, bestWeighedSplit } from './split';

/** What `growBoosted` works on; addresses and settings, filled in by WholeTrees (kernels/trees/wholeTrees.ts). */
@unmanaged
class Params {
  bins: u32; // u8 (n, stride)
  stride: i32;
  d: i32;
  nBins: u32; // i32 (d,)
  columns: u32; // u8 (d, n)
  n: i32;
  monotone: u32; // i8 (d,)
  active: u32; // u8 (d,)
  weights: u32; // f64 (n,) or 0
  rows: u32; // u32 (nRows,)
  nRows: i32;
  gh: u32; // i64 (n,)
  left: u32; // u32 (nRows,), and right: scratch of a partition
  right: u32;
  parts: u32; // a histogram and its scratch
  hists: u32; // histograms of open nodes, histBytes apart
  freeHists: u32; // u32, as many
  nHists: i32;
  zeros: u32; // 2,048 + 32 bytes of zeros, 4 KiB of scratch, then 2,048 of zeros
  out: u32; // 64 bytes a feature: candidates of a node
  tried: u32; // u8 (d,): features of the node at hand that were weighed
  node: u32; // 128 bytes: see split.ts
  nodes: u32; // NODE bytes each, two for each leaf
  heap: u32; // i32, one for each leaf
  maxLeaves: i32;
  maxDepth: i32;
  isDepthWise: i32;
  chunk: i32; // rows whose weights are summed at a time, as threads would
  fewRows: i32; // nodes up to this are split from their rows
  isEstimate: i32; // hessians tell weights only about
  sumG: f64; // of the root, in fixed point
  sumH: f64;
  weight: f64;
  scaleG: f64;
  scaleH: f64;
  lambda: f64;
  minHessian: f64;
  minWeight: f64;
  minGain: f64;
  catSmooth: f64;
  catL2: f64;
}

// Node: 0 feature i32 (-1: leaf), 4 bin, 8 missing left, 12 left, 16 right, 20 from, 24 to, 28 depth, 32 value f64, 40 gain,
// 48 weight, 56 lower, 64 upper, 72 sums i64, 80 histogram u32, 84 feature of the best split i32 (-1: none), 88 the best split
// as split.ts writes it, 64 bytes
const NODE: usize = 152;
const BEST: usize = 88;

@inline
function nodeAt(p: Params, k: i32): usize {
  return <usize>p.nodes + <usize>k * NODE;
}

@inline
function newton(p: Params, sums: i64, lower: f64, upper: f64): f64 {
  const denominator = f64(<u32>sums) / p.scaleH + p.lambda;
  const step = denominator > 0 ? -(f64(sums >> 32) / p.scaleG) / denominator : 0;
  return min(max(step, lower), upper);
}

function addNode(p: Params, k: i32, depth: i32, from: i32, to: i32, sums: i64, weight: f64, value: f64, lower: f64, upper: f64): void {
  const at = nodeAt(p, k);
  store<i32>(at, -1);
  store<i32>(at, from, 20);
  store<i32>(at, to, 24);
  store<i32>(at, depth, 28);
  store<f64>(at, value, 32);
  store<f64>(at, 0, 40);
  store<f64>(at, weight, 48);
  store<f64>(at, lower, 56);
  store<f64>(at, upper, 64);
  store<i64>(at, sums, 72);
  store<u32>(at, 0, 80);
  store<i32>(at, -1, 84);
}

@inline
function size(at: usize): i32 {
  return load<i32>(at, 24) - load<i32>(at, 20);
}

@inline
function canSplit(p: Params, at: usize): bool {
  return load<i32>(at, 28) < p.maxDepth && load<f64>(at, 48) >= 2 * p.minWeight && size(at) >= 2;
}

function takeHist(p: Params): u32 {
  p.nHists--;
  return load<u32>(<usize>p.freeHists + (<usize>p.nHists << 2));
}

function giveBack(p: Params, at: usize): void {
  const hist = load<u32>(at, 80);
  if (!hist) return;
  store<u32>(<usize>p.freeHists + (<usize>p.nHists << 2), hist);
  p.nHists++;
  store<u32>(at, 0, 80);
}

/** The sums of the node's rows; taken from those of its parent, they leave the other child's. */
function fillHist(p: Params, at: usize, parent: u32): void {
  const nGroups = p.stride >> 3;
  histogram(p.bins, p.stride, nGroups, p.rows, load<i32>(at, 20), load<i32>(at, 24), p.gh, p.parts);
  for (let g = 0; g < nGroups; g++) mergeHistograms(p.parts, 1, 0, g, load<u32>(at, 80), parent);
}

/** Finds the best split of a node over the features in `active`. */
function findSplit(p: Params, at: usize, active: usize): void {
  const n = <usize>p.node;
  const sums = load<i64>(at, 72);
  const sumH = f64(<u32>sums);
  store<f64>(n, p.scaleG);
  store<f64>(n, p.scaleH, 8);
  store<f64>(n, p.lambda, 16);
  store<f64>(n, p.minHessian, 24);
  store<f64>(n, p.minWeight, 32);
  store<f64>(n, sumH > 0 ? (load<f64>(at, 48) / sumH) * p.scaleH : 1, 40);
  store<f64>(n, p.minGain, 48);
  store<f64>(n, load<f64>(at, 56), 56);
  store<f64>(n, load<f64>(at, 64), 64);
  store<i64>(n, sums, 72);
  store<f64>(n, p.catSmooth, 80);
  store<f64>(n, p.catL2, 88);
  const hist = <usize>load<u32>(at, 80);
  if (hist) bestSplits(hist, 0, p.d, p.nBins, p.monotone, active, n, <usize>p.zeros + 2080, p.out);
  else {
    const zeros = <usize>p.zeros;
    bestSplitsOfRows(p.bins, p.stride, p.rows, load<i32>(at, 20), load<i32>(at, 24), p.gh, p.d, p.nBins, p.monotone, active, n, zeros, zeros + 2048, p.out);
  }
  choose(p, at);
  if (load<i32>(at, 84) >= 0 || !p.isEstimate) return;
  // Hessians promise too little weight everywhere, but they need not be right.
  for (let f = 0; f < p.d; f++) weigh(p, at, f);
  choose(p, at);
}

/** Takes the feature with the largest gain; ties go to the first. */
function choose(p: Params, at: usize): void {
  let best: f64 = 0;
  let feature = -1;
  for (let f = 0; f < p.d; f++) {
    const gain = load<f64>(<usize>p.out + (<usize>f << 6));
    if (gain > best) {
      best = gain;
      feature = f;
    }
  }
  store<i32>(at, feature, 84);
  if (feature >= 0) memory.copy(at + BEST, <usize>p.out + (<usize>feature << 6), 64);
}

/** Searches one feature of the node again by the weights of its rows. */
function weigh(p: Params, at: usize, f: i32): void {
  const out = <usize>p.out + (<usize>f << 6);
  const nBins = load<i32>(<usize>p.nBins + (<usize>f << 2));
  store<f64>(out, -1);
  if (!load<u8>(<usize>p.active + f) || nBins == 0) return;
  const zeros = <usize>p.zeros;
  bestWeighedSplit(<usize>p.columns + <usize>f * <usize>p.n, p.rows, load<i32>(at, 20), load<i32>(at, 24), p.gh, p.weights, nBins, load<i8>(<usize>p.monotone + f), p.node, zeros, zeros + 6176, zeros + 2080, out);
}

/** Applies the node's best split, unless a side comes out too light: its hessians promised more weight than there is. */
function trySplit(p: Params, at: usize, nNodes: i32): bool {
  const f = load<i32>(at, 84);
  const bin = load<i32>(at, BEST + 16);
  const missingLeft = load<i32>(at, BEST + 20);
  const bits = bin < 0 ? at + BEST + 24 : 0;
  const from = load<i32>(at, 20);
  const to = load<i32>(at, 24);
  const column = <usize>p.columns + <usize>f * <usize>p.n;
  const left = <usize>p.left;
  let nLeft = 0;
  let weight: f64 = 0;
  for (let c = from; c < to; c += p.chunk) {
    const end = min(to, c + p.chunk);
    const l = partitionChunk(p.rows, c, end, column, bin, missingLeft, bits, left, p.right);
    weight += p.weights ? sumWeights(left, c, c + l, p.weights) : f64(l);
    // The halves of a chunk lie where it starts; they are moved up behind those of the chunks before it.
    if (c != from) {
      placeHalves(left + (<usize>(from + nLeft) << 2), left + (<usize>c << 2), l, <usize>p.right + (<usize>(c - nLeft) << 2), <usize>p.right + (<usize>c << 2), end - c - l);
    }
    nLeft += l;
  }
  const total = load<f64>(at, 48);
  const least = p.minWeight * (1 - 1e-9);
  if (weight < least || total - weight < least) return false;
  const middle = from + nLeft;
  placeHalves(<usize>p.rows + (<usize>from << 2), left + (<usize>from << 2), nLeft, <usize>p.rows + (<usize>middle << 2), <usize>p.right + (<usize>from << 2), to - middle);
  const sums = load<i64>(at, 72);
  const leftSums = load<i64>(at, BEST + 8);
  const rightSums = sums - leftSums;
  const lower = load<f64>(at, 56);
  const upper = load<f64>(at, 64);
  const leftValue = newton(p, leftSums, lower, upper);
  const rightValue = newton(p, rightSums, lower, upper);
  const half = (leftValue + rightValue) / 2;
  const monotone = load<i8>(<usize>p.monotone + f);
  const depth = load<i32>(at, 28) + 1;
  addNode(p, nNodes, depth, from, middle, leftSums, weight, leftValue, monotone < 0 ? half : lower, monotone > 0 ? half : upper);
  addNode(p, nNodes + 1, depth, middle, to, rightSums, total - weight, rightValue, monotone > 0 ? half : lower, monotone < 0 ? half : upper);
  store<i32>(at, f);
  store<i32>(at, bin, 4);
  store<i32>(at, missingLeft, 8);
  store<i32>(at, nNodes, 12);
  store<i32>(at, nNodes + 1, 16);
  store<f64>(at, load<f64>(at, BEST), 40);
  return true;
}

/** Applies the node's best split that keeps both sides heavy enough; false when there is none. */
function split(p: Params, at: usize, nNodes: i32): bool {
  let isFirst = true;
  while (load<i32>(at, 84) >= 0) {
    if (trySplit(p, at, nNodes)) return true;
    const f = load<i32>(at, 84);
    if (isFirst) {
      // Candidates of other nodes were found since.
      findSplit(p, at, p.active);
      memory.fill(p.tried, 0, p.d);
      isFirst = false;
    }
    // Hessians promised more weight than there is: the feature's other thresholds, once, by what they weigh.
    if (load<u8>(<usize>p.tried + f)) store<f64>(<usize>p.out + (<usize>f << 6), -1);
    else weigh(p, at, f);
    store<u8>(<usize>p.tried + f, 1);
    choose(p, at);
  }
  return false;
}

/** Whether node a comes before b in the queue. */
@inline
function isBefore(p: Params, a: i32, b: i32): bool {
  if (p.isDepthWise) return a < b;
  const ga = load<f64>(nodeAt(p, a), BEST);
  const gb = load<f64>(nodeAt(p, b), BEST);
  return ga > gb || (ga == gb && a < b);
}

function push(p: Params, count: i32, node: i32): void {
  let at = count;
  while (at > 0) {
    const up = (at - 1) >> 1;
    const other = load<i32>(<usize>p.heap + (<usize>up << 2));
    if (!isBefore(p, node, other)) break;
    store<i32>(<usize>p.heap + (<usize>at << 2), other);
    at = up;
  }
  store<i32>(<usize>p.heap + (<usize>at << 2), node);
}

/** Takes the first of `count` nodes. */
function pop(p: Params, count: i32): i32 {
  const first = load<i32>(p.heap);
  const last = count - 1;
  const node = load<i32>(<usize>p.heap + (<usize>last << 2));
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= last) break;
    let other = load<i32>(<usize>p.heap + (<usize>child << 2));
    if (child + 1 < last) {
      const next = load<i32>(<usize>p.heap + (<usize>child << 2), 4);
      if (isBefore(p, next, other)) {
        other = next;
        child++;
      }
    }
    if (!isBefore(p, other, node)) break;
    store<i32>(<usize>p.heap + (<usize>at << 2), other);
    at = child;
  }
  store<i32>(<usize>p.heap + (<usize>at << 2), node);
  return first;
}

/** Grows a tree; its nodes are in p.nodes, and p.rows are ordered by leaf. @returns the number of nodes */
export function growBoosted(params: usize): i32 {
  const p = changetype<Params>(params);
  const rootSums = (i64(p.sumG) << 32) + i64(p.sumH);
  addNode(p, 0, 0, 0, p.nRows, rootSums, p.weight, newton(p, rootSums, -Infinity, Infinity), -Infinity, Infinity);
  const root = nodeAt(p, 0);
  if (!canSplit(p, root)) return 1;
  if (p.nRows > p.fewRows) {
    store<u32>(root, takeHist(p), 80);
    fillHist(p, root, 0);
  }
  findSplit(p, root, p.active);
  let nOpen = 0;
  if (load<i32>(root, 84) >= 0) push(p, nOpen++, 0);
  let nNodes = 1;
  for (let nLeaves = 1; nOpen > 0 && nLeaves < p.maxLeaves; ) {
    const at = nodeAt(p, pop(p, nOpen--));
    if (!split(p, at, nNodes)) {
      giveBack(p, at);
      continue;
    }
    const left = nodeAt(p, nNodes);
    const right = nodeAt(p, nNodes + 1);
    nNodes += 2;
    nLeaves++;
    const isLeftOpen = canSplit(p, left);
    const isRightOpen = canSplit(p, right);
    if (nLeaves >= p.maxLeaves || !(isLeftOpen || isRightOpen)) {
      giveBack(p, at);
      continue;
    }
    const isLeftSmall = size(left) <= size(right);
    const small = isLeftSmall ? left : right;
    const large = isLeftSmall ? right : left;
    if (size(large) > p.fewRows) {
      store<u32>(large, load<u32>(at, 80), 80);
      store<u32>(at, 0, 80);
      store<u32>(small, takeHist(p), 80);
      fillHist(p, small, load<u32>(large, 80));
      if (size(small) <= p.fewRows) giveBack(p, small);
    } else giveBack(p, at);
    if (isLeftOpen) findSplit(p, left, p.active);
    if (isLeftOpen && load<i32>(left, 84) >= 0) push(p, nOpen++, nNodes - 2);
    else giveBack(p, left);
    if (isRightOpen) findSplit(p, right, p.active);
    if (isRightOpen && load<i32>(right, 84) >= 0) push(p, nOpen++, nNodes - 1);
    else giveBack(p, right);
  }
  return nNodes;
}
