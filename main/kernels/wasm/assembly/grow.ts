// One whole tree of a forest, grown by one thread: few features per node and deep trees leave nothing to subtract.
import { log } from './math';

/** What `growTree` works on; addresses and settings, filled in from TypeScript (growParams in kernels/trees/forest.ts). */
@unmanaged
class Params {
  bins: u32; // u8 (n, stride)
  stride: i32;
  d: i32;
  nBins: u32; // i32 (d,), negative: category
  cuts: u32; // f32 (d, 256)
  nClasses: i32; // 0: moments (regression, two classes with gini)
  isEntropy: i32;
  isRandom: i32; // extra trees: one random threshold a feature
  maxFeatures: i32;
  maxDepth: i32;
  maxLeafNodes: i32; // 0: no limit
  nRows: i32;
  rows: u32; // u32 (nRows,)
  classes: u32; // u32 (nRows,), when nClasses > 0
  moments: u32; // f64 (nRows, 2): weight, weight * target
  spare: u32; // 24 nRows bytes
  scratch: u32; // see Scratch
  frontier: u32; // 96 bytes an entry, capacity as nodes
  nodes: u32; // 64 bytes an entry
  bits: u32; // 32 bytes an entry, or 0 without categories
  values: u32; // f64 (capacity, nOut)
  capacity: i32;
  seed0: u32;
  seed1: u32;
  seed2: u32;
  seed3: u32;
  nBase: i32; // rows to draw from
  base: u32; // u32 (nBase,): rows
  baseWeights: u32; // f64 (nBase,)
  y: u32; // f64, by row
  isBootstrap: i32;
  columns: u32; // u8 (d, n): the same bins by column
  n: i32;
  pad: i32;
  minSplitWeight: f64;
  minLeafWeight: f64;
  minDecrease: f64; // of weighted impurity, absolute
}

// Frontier entry: 0 node i32, 4 from, 8 to, 12 depth, 16 feature, 20 bin, 24 missingLeft, 32 gain f64, 40 bits 32 bytes
const ENTRY: usize = 96;
// Node: 0 feature i32, 4 bin, 8 left, 12 right, 16 missingLeft, 20 isCategory, 24 gain f64, 32 cover, 40 impurity, 48 from i32, 52 to i32
const NODE: usize = 64;

@inline
function rotl(x: u32, k: u32): u32 {
  return (x << k) | (x >> (32 - k));
}

/** xoshiro128** */
function next(p: Params): u32 {
  const out = rotl(p.seed1 * 5, 7) * 9;
  const t = p.seed1 << 9;
  p.seed2 ^= p.seed0;
  p.seed3 ^= p.seed1;
  p.seed1 ^= p.seed2;
  p.seed0 ^= p.seed3;
  p.seed2 ^= t;
  p.seed3 = rotl(p.seed3, 11);
  return out;
}

@inline
function below(p: Params, n: u32): u32 {
  return u32((u64(next(p)) * u64(n)) >> 32);
}

@inline
function xlogx(x: f64): f64 {
  return x > 0 ? x * log(x) : 0;
}

/** Σ over classes of n_c² / n (gini) or Σ n_c log n_c − n log n (entropy): the larger the purer; total = n · const − this. */
function purity(counts: usize, k: i32, total: f64, isEntropy: bool): f64 {
  if (total <= 0) return 0;
  let sum: f64 = 0;
  if (isEntropy) {
    for (let c = 0; c < k; c++) sum += xlogx(load<f64>(counts + (<usize>c << 3)));
    return (sum - xlogx(total)) * 1.4426950408889634;
  }
  for (let c = 0; c < k; c++) {
    const v = load<f64>(counts + (<usize>c << 3));
    sum += v * v;
  }
  return sum / total;
}

// Scratch: hist 256 * slot, then totals, left, right (f64 nClasses each), order u32 (256,), keys f64 (256,),
// flags u8 (256,), features u32 (d,)

/** Fills rows, moments and classes: with all rows, or with as many draws with replacement, a row drawn k times counting k. */
function drawRows(p: Params): void {
  const n = p.nBase;
  const times = <usize>p.spare;
  if (p.isBootstrap) {
    memory.fill(times, 0, n << 2);
    for (let i = 0; i < n; i++) {
      const at = times + (<usize>below(p, n) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  let m: usize = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const count = p.isBootstrap ? load<u32>(times + (i << 2)) : 1;
    if (count == 0) continue;
    const row = load<u32>(<usize>p.base + (i << 2));
    const w = f64(count) * load<f64>(<usize>p.baseWeights + (i << 3));
    const y = load<f64>(<usize>p.y + (<usize>row << 3));
    store<u32>(<usize>p.rows + (m << 2), row);
    store<f64>(<usize>p.moments + (m << 4), w);
    store<f64>(<usize>p.moments + (m << 4), w * y, 8);
    if (p.nClasses) store<u32>(<usize>p.classes + (m << 2), u32(y));
    m++;
  }
  p.nRows = i32(m);
}

/** Grows the tree; returns its number of nodes. Rows are reordered so that every node's rows lie together. */
export function growTree(params: usize): i32 {
  const p = changetype<Params>(params);
  drawRows(p);
  const k = p.nClasses;
  const features = featuresOf(p);
  for (let f = 0; f < p.d; f++) store<u32>(features + (<usize>f << 2), f);
  const slot: i32 = k ? k << 3 : 16;
  memory.fill(p.scratch, 0, 256 * slot);
  memory.fill(flagsOf(p), 0, 256);
  let nNodes = 0;
  let nOpen = 0;
  let nLeaves = 1;
  addNode(p, nNodes++, 0, p.nRows);
  if (evaluate(p, 0, 0, p.nRows, 0, p.frontier)) nOpen = 1;
  while (nOpen > 0 && nNodes + 2 <= p.capacity) {
    let at = nOpen - 1;
    if (p.maxLeafNodes) {
      if (nLeaves >= p.maxLeafNodes) break;
      // Best first
      for (let j = 0; j < nOpen - 1; j++) {
        if (load<f64>(p.frontier + <usize>j * ENTRY, 32) > load<f64>(p.frontier + <usize>at * ENTRY, 32)) at = j;
      }
    }
    const entry = <usize>p.frontier + <usize>at * ENTRY;
    const node = load<i32>(entry);
    const from = load<i32>(entry, 4);
    const to = load<i32>(entry, 8);
    const depth = load<i32>(entry, 12);
    const feature = load<i32>(entry, 16);
    const bin = load<i32>(entry, 20);
    const missingLeft = load<i32>(entry, 24);
    const out = <usize>p.nodes + <usize>node * NODE;
    store<i32>(out, feature);
    store<i32>(out, bin, 4);
    store<i32>(out, nNodes, 8);
    store<i32>(out, nNodes + 1, 12);
    store<i32>(out, missingLeft, 16);
    store<i32>(out, bin < 0 ? 1 : 0, 20);
    store<f64>(out, load<f64>(entry, 32), 24);
    if (bin < 0) memory.copy(<usize>p.bits + (<usize>node << 5), entry + 40, 32);
    const middle = partition(p, from, to, feature, bin, missingLeft, entry + 40);
    // The last entry fills the gap
    nOpen--;
    if (at != nOpen) memory.copy(entry, <usize>p.frontier + <usize>nOpen * ENTRY, ENTRY);
    const left = nNodes;
    addNode(p, nNodes++, from, middle);
    addNode(p, nNodes++, middle, to);
    nLeaves++;
    if (evaluate(p, left + 1, middle, to, depth + 1, <usize>p.frontier + <usize>nOpen * ENTRY)) nOpen++;
    if (evaluate(p, left, from, middle, depth + 1, <usize>p.frontier + <usize>nOpen * ENTRY)) nOpen++;
  }
  return nNodes;
}

@inline
function totalsOf(p: Params): usize {
  return <usize>p.scratch + 256 * (p.nClasses ? p.nClasses << 3 : 16);
}
@inline
function orderOf(p: Params): usize {
  return totalsOf(p) + (max(p.nClasses, 2) * 24);
}
@inline
function keysOf(p: Params): usize {
  return orderOf(p) + 1024;
}
@inline
function flagsOf(p: Params): usize {
  return keysOf(p) + 2048;
}
@inline
function featuresOf(p: Params): usize {
  return flagsOf(p) + 256;
}

/** Writes a leaf: its cover, impurity and value. */
function addNode(p: Params, node: i32, from: i32, to: i32): void {
  const out = <usize>p.nodes + <usize>node * NODE;
  const k = p.nClasses;
  store<i32>(out, -1);
  store<i32>(out, 0, 20);
  store<f64>(out, 0, 24);
  store<i32>(out, from, 48);
  store<i32>(out, to, 52);
  let weight: f64 = 0;
  if (k) {
    const value = <usize>p.values + (<usize>node * k << 3);
    memory.fill(value, 0, k << 3);
    for (let i = from; i < to; i++) {
      const w = load<f64>(<usize>p.moments + (<usize>i << 4));
      const c = value + (<usize>load<u32>(<usize>p.classes + (<usize>i << 2)) << 3);
      store<f64>(c, load<f64>(c) + w);
      weight += w;
    }
    const pure = purity(value, k, weight, p.isEntropy != 0);
    store<f64>(out, p.isEntropy ? -pure / weight : 1 - pure / weight, 40);
    for (let c = 0; c < k; c++) {
      const at = value + (<usize>c << 3);
      store<f64>(at, load<f64>(at) / weight);
    }
  } else {
    let sum: f64 = 0;
    let squares: f64 = 0;
    const moments = <usize>p.moments;
    for (let i = <usize>from; i < <usize>to; i++) {
      const w = load<f64>(moments + (i << 4));
      const wy = load<f64>(moments + (i << 4), 8);
      weight += w;
      sum += wy;
      squares += (wy * wy) / w;
    }
    const mean = sum / weight;
    store<f64>(<usize>p.values + (<usize>node << 3), mean);
    store<f64>(out, max(0, squares / weight - mean * mean), 40);
  }
  store<f64>(out, weight, 32);
}

/** Finds the best split of rows[from, to); false when the node stays a leaf. */
function evaluate(p: Params, node: i32, from: i32, to: i32, depth: i32, entry: usize): bool {
  const out = <usize>p.nodes + <usize>node * NODE;
  const weight = load<f64>(out, 32);
  if (to - from < 2 || depth >= p.maxDepth || weight < p.minSplitWeight || load<f64>(out, 40) <= 1e-12) return false;
  store<i32>(entry, node);
  store<i32>(entry, from, 4);
  store<i32>(entry, to, 8);
  store<i32>(entry, depth, 12);
  store<i32>(entry, -1, 16);
  store<f64>(entry, -1, 32);
  const features = featuresOf(p);
  const k = p.nClasses;
  const totals = totalsOf(p);
  if (k) {
    for (let c = 0; c < k; c++) {
      store<f64>(totals + (<usize>c << 3), load<f64>(<usize>p.values + ((<usize>node * k + c) << 3)) * weight);
    }
  } else store<f64>(totals, load<f64>(<usize>p.values + (<usize>node << 3)) * weight);
  let nVaried = 0;
  for (let drawn = 0; drawn < p.d; drawn++) {
    if (drawn >= p.maxFeatures && nVaried > 0) break;
    // Fisher-Yates: the features drawn so far are in front
    let f: u32;
    if (p.maxFeatures < p.d) {
      const at = features + (<usize>(drawn + below(p, p.d - drawn)) << 2);
      f = load<u32>(at);
      store<u32>(at, load<u32>(features + (<usize>drawn << 2)));
      store<u32>(features + (<usize>drawn << 2), f);
    } else f = drawn;
    if (load<i32>(<usize>p.nBins + (<usize>f << 2)) == 0) continue;
    if (tryFeature(p, f, from, to, weight, totals, entry)) nVaried++;
  }
  return load<i32>(entry, 16) >= 0;
}

/** Fills the histogram of feature f, tries its splits, clears it. @returns whether the feature varies in the node */
function tryFeature(p: Params, f: u32, from: i32, to: i32, weight: f64, totals: usize, entry: usize): bool {
  const hist = <usize>p.scratch;
  // Many rows read a column nearly in sequence; of few rows, the row's other features are in the cache already.
  const isDense = (to - from) * 16 > p.n;
  const column = isDense ? <usize>p.columns + <usize>f * p.n : <usize>p.bins + f;
  const k = p.nClasses;
  const order = orderOf(p);
  const flags = flagsOf(p);
  // Locals: a field would be read again after every store.
  const stride: usize = isDense ? 1 : p.stride;
  const moments = <usize>p.moments;
  const classes = <usize>p.classes;
  const rows = <usize>p.rows;
  if (k) {
    for (let i = <usize>from; i < <usize>to; i++) {
      const bin = <usize>load<u8>(column + <usize>load<u32>(rows + (i << 2)) * stride);
      const at = hist + ((bin * k + load<u32>(classes + (i << 2))) << 3);
      store<f64>(at, load<f64>(at) + load<f64>(moments + (i << 4)));
      store<u8>(flags + bin, 255);
    }
  } else {
    for (let i = <usize>from; i < <usize>to; i++) {
      const bin = <usize>load<u8>(column + <usize>load<u32>(rows + (i << 2)) * stride);
      const at = hist + (bin << 4);
      v128.store(at, f64x2.add(v128.load(at), v128.load(moments + (i << 4))));
      store<u8>(flags + bin, 255);
    }
  }
  // Occupied bins in ascending order, the missing one apart
  let m = 0;
  for (let word: usize = 0; word < 256; word += 16) {
    let bits = <u32>i8x16.bitmask(v128.load(flags + word));
    while (bits) {
      store<u32>(order + (<usize>m << 2), ctz(bits) + <u32>word);
      m++;
      bits &= bits - 1;
    }
  }
  const nOccupied = m;
  const isCategory = load<i32>(<usize>p.nBins + (<usize>f << 2)) < 0;
  if (m > 1) {
    const hasMissing = !isCategory && load<u32>(order + (<usize>(m - 1) << 2)) == 255;
    if (hasMissing) m--;
    if (isCategory) sortCategories(p, m, order, hist, totals);
    if (p.isRandom) scanRandom(p, f, m, order, hist, hasMissing, isCategory, weight, totals, entry);
    else {
      scan(p, f, m, order, hist, hasMissing, false, isCategory, weight, totals, entry, -1);
      if (hasMissing) scan(p, f, m, order, hist, true, true, false, weight, totals, entry, -1);
    }
  }
  // Clear what was used. Not memory.fill: it is a call, dearer than all of a small node.
  for (let word: usize = 0; word < 256; word += 16) {
    let bits = <u32>i8x16.bitmask(v128.load(flags + word));
    if (!bits) continue;
    v128.store(flags + word, i64x2.splat(0));
    while (bits) {
      const bin = <usize>ctz(bits) + word;
      bits &= bits - 1;
      if (k) for (let c = 0; c < k; c++) store<f64>(hist + ((bin * k + c) << 3), 0);
      else v128.store(hist + (bin << 4), i64x2.splat(0));
    }
  }
  return nOccupied > 1;
}

/** Orders categories by mean target, or by the share of the node's commonest class when there are several classes. */
function sortCategories(p: Params, m: i32, order: usize, hist: usize, totals: usize): void {
  const keys = keysOf(p);
  const k = p.nClasses;
  let top = 0;
  for (let c = 1; c < k; c++) {
    if (load<f64>(totals + (<usize>c << 3)) > load<f64>(totals + (<usize>top << 3))) top = c;
  }
  for (let j = 0; j < m; j++) {
    const bin = load<u32>(order + (<usize>j << 2));
    let key: f64;
    if (k) {
      let sum: f64 = 0;
      for (let c = 0; c < k; c++) sum += load<f64>(hist + ((<usize>bin * k + c) << 3));
      key = load<f64>(hist + ((<usize>bin * k + top) << 3)) / sum;
    } else key = load<f64>(hist + (<usize>bin << 4), 8) / load<f64>(hist + (<usize>bin << 4));
    let at = j;
    while (at > 0 && load<f64>(keys + (<usize>(at - 1) << 3)) > key) {
      store<f64>(keys + (<usize>at << 3), load<f64>(keys + (<usize>(at - 1) << 3)));
      store<u32>(order + (<usize>at << 2), load<u32>(order + (<usize>(at - 1) << 2)));
      at--;
    }
    store<f64>(keys + (<usize>at << 3), key);
    store<u32>(order + (<usize>at << 2), bin);
  }
}

/**
 * Tries every prefix of `order` as the left side (or only the prefix of length `only` when it is not negative).
 * With `hasMissing`, the prefix of all numbers against missing is tried too.
 */
function scan(p: Params, f: u32, m: i32, order: usize, hist: usize, hasMissing: bool, missingLeft: bool, isCategory: bool, weight: f64, totals: usize, entry: usize, only: i32): void {
  const k = p.nClasses;
  const least = p.minLeafWeight;
  const left = totals + (<usize>k << 3);
  const right = left + (<usize>k << 3);
  let leftWeight: f64 = 0;
  let leftSum: f64 = 0;
  const totalSum = load<f64>(totals);
  const parent = k ? purity(totals, k, weight, p.isEntropy != 0) : (totalSum * totalSum) / weight;
  if (k) memory.fill(left, 0, k << 3);
  if (missingLeft) {
    if (k) {
      for (let c = 0; c < k; c++) {
        const v = load<f64>(hist + ((<usize>255 * k + c) << 3));
        store<f64>(left + (<usize>c << 3), v);
        leftWeight += v;
      }
    } else {
      leftWeight = load<f64>(hist + 4080);
      leftSum = load<f64>(hist + 4080, 8);
    }
  }
  const last = hasMissing && !missingLeft ? m : m - 1;
  let best = load<f64>(entry, 32);
  let bestAt = -1;
  for (let j = 0; j < last; j++) {
    const bin = <usize>load<u32>(order + (<usize>j << 2));
    if (k) {
      for (let c = 0; c < k; c++) {
        const v = load<f64>(hist + ((bin * k + c) << 3));
        const at = left + (<usize>c << 3);
        store<f64>(at, load<f64>(at) + v);
        leftWeight += v;
      }
    } else {
      leftWeight += load<f64>(hist + (bin << 4));
      leftSum += load<f64>(hist + (bin << 4), 8);
    }
    if (only >= 0 && j != only) continue;
    if (leftWeight < least) continue;
    const rightWeight = weight - leftWeight;
    if (rightWeight < least) break;
    let gain: f64;
    if (k) {
      for (let c = 0; c < k; c++) {
        store<f64>(right + (<usize>c << 3), load<f64>(totals + (<usize>c << 3)) - load<f64>(left + (<usize>c << 3)));
      }
      gain = purity(left, k, leftWeight, p.isEntropy != 0) + purity(right, k, rightWeight, p.isEntropy != 0) - parent;
    } else {
      const rightSum = totalSum - leftSum;
      gain = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / rightWeight - parent;
    }
    if (gain > best && gain >= p.minDecrease) {
      best = gain;
      bestAt = j;
    }
  }
  if (bestAt < 0) return;
  store<f64>(entry, best, 32);
  store<i32>(entry, f, 16);
  store<i32>(entry, missingLeft ? 1 : 0, 24);
  if (!isCategory) {
    // Halfway into the gap of empty bins after the last bin of the left side
    const bin = load<u32>(order + (<usize>bestAt << 2));
    const nextBin = bestAt + 1 < m ? load<u32>(order + (<usize>(bestAt + 1) << 2)) : bin + 1;
    store<i32>(entry, (bin + nextBin - 1) >> 1, 20);
    return;
  }
  store<i32>(entry, -1, 20);
  memory.fill(entry + 40, 0, 32);
  for (let j = 0; j <= bestAt; j++) {
    const b = <usize>load<u32>(order + (<usize>j << 2));
    store<u8>(entry + 40 + (b >> 3), load<u8>(entry + 40 + (b >> 3)) | (1 << <u8>(b & 7)));
    if (b == 255) store<i32>(entry, 1, 24);
  }
}

/** One threshold, uniform between the smallest and the largest value of the node (extra trees). */
function scanRandom(p: Params, f: u32, m: i32, order: usize, hist: usize, hasMissing: bool, isCategory: bool, weight: f64, totals: usize, entry: usize): void {
  const u = f64(next(p)) / 4294967296.0;
  const missingLeft = hasMissing && (next(p) & 1) == 1;
  let at = 0;
  if (isCategory || m < 2) at = min(m - 1, i32(u * f64(max(1, m - 1))));
  else {
    const cuts = <usize>p.cuts + (<usize>f << 10);
    const low = load<f32>(cuts + (<usize>load<u32>(order) << 2));
    const high = load<f32>(cuts + (<usize>(load<u32>(order + (<usize>(m - 1) << 2)) - 1) << 2));
    const t = f32(f64(low) + u * (f64(high) - f64(low)));
    while (at + 2 < m && load<f32>(cuts + (<usize>load<u32>(order + (<usize>(at + 1) << 2)) << 2)) <= t) at++;
  }
  scan(p, f, m, order, hist, hasMissing, missingLeft, isCategory, weight, totals, entry, at);
}

/** Stable partition of rows[from, to) with all that goes with them; returns where the right side starts. */
function partition(p: Params, from: i32, to: i32, feature: i32, bin: i32, missingLeft: i32, bits: usize): i32 {
  const isDense = (to - from) * 16 > p.n;
  const column = isDense ? <usize>p.columns + <usize>feature * p.n : <usize>p.bins + feature;
  const rows = <usize>p.rows;
  const classes = <usize>p.classes;
  const moments = <usize>p.moments;
  const spare = <usize>p.spare;
  const hasClasses = p.nClasses != 0;
  const stride: usize = isDense ? 1 : p.stride;
  let l = from;
  let r: usize = 0;
  for (let i = from; i < to; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const b = <u32>load<u8>(column + <usize>row * stride);
    let isLeft: bool;
    if (bin < 0) isLeft = ((load<u8>(bits + (b >> 3)) >> <u8>(b & 7)) & 1) != 0;
    else isLeft = b == 255 ? missingLeft != 0 : <i32>b <= bin;
    const moment = v128.load(moments + (<usize>i << 4));
    const c = hasClasses ? load<u32>(classes + (<usize>i << 2)) : 0;
    if (isLeft) {
      store<u32>(rows + (<usize>l << 2), row);
      v128.store(moments + (<usize>l << 4), moment);
      if (hasClasses) store<u32>(classes + (<usize>l << 2), c);
      l++;
    } else {
      const s = spare + r * 24;
      v128.store(s, moment);
      store<u32>(s, row, 16);
      store<u32>(s, c, 20);
      r++;
    }
  }
  for (let j: usize = 0; j < r; j++) {
    const s = spare + j * 24;
    const at = <usize>l + j;
    v128.store(moments + (at << 4), v128.load(s));
    store<u32>(rows + (at << 2), load<u32>(s, 16));
    if (hasClasses) store<u32>(classes + (at << 2), load<u32>(s, 20));
  }
  return l;
}
