import type { Matrix } from '../matrix.ts';
import { permutation, type Rng } from '../rng.ts';
import type { Team } from '../threads/team.ts';
import type { Arena } from '../wasm/arena.ts';
import { Op } from './kernels.ts';

/** Bin that codes of rare or unseen levels share; 255, the one above, holds missing values. */
export const OTHER = 254;
/** Rows that cut points are taken from; more rows change them by less than a bin. */
const SAMPLE_ROWS = 100_000;
const BLOCK_ROWS = 65_536;

/** How raw columns become bins: all that prediction needs to know. */
export interface BinMap {
  readonly nFeatures: number;
  /** Shape (nFeatures, 256), filled up with +inf: value x is in bin #{cuts < x}. */
  readonly cuts: Float32Array;
  /** Shape (nFeatures,): bins in use; 0 when all is missing; −nLevels for a category column. */
  readonly nBins: Int32Array;
  /** Level → bin, for category columns. */
  readonly tables: readonly (Uint8Array | undefined)[];
}

/** Binned rows in shared memory. */
export interface BinnedRows {
  readonly n: number;
  readonly nFeatures: number;
  /** u8 (n, stride); stride is a multiple of 8. */
  readonly byRow: number;
  readonly stride: number;
  /** u8 (nFeatures, n), or 0. */
  readonly byColumn: number;
  /** i32 (nFeatures,) in shared memory, as in the map. */
  readonly nBins: number;
  readonly map: BinMap;
}

export interface BinOptions {
  readonly maxBins: number;
  /** Number of levels for category columns, undefined for number columns. */
  readonly levels: readonly (number | undefined)[];
  readonly weights?: Float64Array;
  readonly rng: Rng;
}

/** Learns cut points (of at most 100,000 rows) and the bins of categories. Rows of weight 0 do not count. */
export function learnBins(X: Matrix, arena: Arena, team: Team, options: BinOptions): BinMap {
  const d = X.nCols;
  const rows = sampleRows(X.nRows, options);
  const n = rows.length;
  const sample = arena.alloc(4 * n * d);
  copyRows(X, rows, arena.f32(sample, n * d));
  let weights = 0;
  if (options.weights) {
    weights = arena.alloc(8 * n);
    const out = arena.f64(weights, n);
    for (let i = 0; i < n; i++) out[i] = options.weights[rows[i]!]!;
  }
  const nBinsAt = arena.alloc(4 * d);
  const nBins = arena.i32(nBinsAt, d);
  const tables = options.levels.map((nLevels, f) => {
    if (nLevels === undefined) return undefined;
    nBins[f] = -Math.max(1, nLevels);
    return levelTable(X, f, nLevels, options.weights);
  });
  const cutsAt = arena.alloc(1024 * d);
  const scratchBytes = 16 * n + 24_576 + 64;
  const step = Math.min(d, team.threads);
  const scratch = arena.alloc(scratchBytes * step);
  team.run(Op.findCuts, step, [sample, n, d, weights, options.maxBins, scratch, scratchBytes, cutsAt, nBinsAt, step]);
  return {
    nFeatures: d,
    cuts: arena.f32(cutsAt, 256 * d).slice(),
    nBins: arena.i32(nBinsAt, d).slice(),
    tables,
  };
}

/** Bins the rows of X named by `rows` (all when left out). */
export function binMatrix(
  X: Matrix,
  map: BinMap,
  arena: Arena,
  team: Team,
  options: { readonly rows?: Uint32Array; readonly needsColumns: boolean },
): BinnedRows {
  const d = map.nFeatures;
  const n = options.rows?.length ?? X.nRows;
  const stride = Math.ceil(d / 8) * 8;
  const byRow = arena.alloc(n * stride);
  const byColumn = options.needsColumns ? arena.alloc(n * d) : 0;
  const cuts = arena.alloc(1024 * d);
  arena.f32(cuts, 256 * d).set(map.cuts);
  const nBins = arena.alloc(4 * d);
  arena.i32(nBins, d).set(map.nBins);
  const tables = arena.alloc(4 * d);
  map.tables.forEach((table, f) => {
    if (!table) return;
    const at = arena.alloc(table.length);
    arena.u8(at, table.length).set(table);
    arena.u32(tables, d)[f] = at;
  });
  const block = arena.alloc(4 * Math.min(n, BLOCK_ROWS) * d);
  for (let start = 0; start < n; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, n - start);
    const out = arena.f32(block, count * d);
    if (options.rows) copyRows(X, options.rows.subarray(start, start + count), out);
    else out.set(X.data.subarray(start * d, (start + count) * d));
    const nChunks = Math.ceil(count / 1024);
    team.run(Op.binRows, nChunks, [block, d, count, start, cuts, nBins, tables, byRow, stride, byColumn, n]);
  }
  return { n, nFeatures: d, byRow, stride, byColumn, nBins, map };
}

/** Rows to take cut points from: all that count, or a random part of them in ascending order. */
function sampleRows(n: number, { weights, rng }: BinOptions): Uint32Array {
  let rows = new Uint32Array(n);
  let m = 0;
  for (let i = 0; i < n; i++) if (!weights || weights[i]! > 0) rows[m++] = i;
  rows = rows.subarray(0, m);
  if (m <= SAMPLE_ROWS) return rows;
  const order = permutation(m, rng).subarray(0, SAMPLE_ROWS).sort();
  return order.map((k) => rows[k]!);
}

function copyRows(X: Matrix, rows: Uint32Array, out: Float32Array): void {
  const d = X.nCols;
  for (let k = 0; k < rows.length; k++) {
    const from = rows[k]! * d;
    for (let f = 0, to = k * d; f < d; f++, to++) out[to] = X.data[from + f]!;
  }
}

/** The heaviest 254 levels get bins of their own, the rest share one. */
function levelTable(X: Matrix, feature: number, nLevels: number, weights: Float64Array | undefined): Uint8Array {
  const table = new Uint8Array(Math.max(1, nLevels));
  if (nLevels <= OTHER) return table.map((_, level) => level);
  const mass = new Float64Array(nLevels);
  for (let i = 0; i < X.nRows; i++) {
    const code = X.data[i * X.nCols + feature]!;
    if (code >= 0 && code < nLevels) mass[code]! += weights ? weights[i]! : 1;
  }
  const order = [...mass.keys()].toSorted((a, b) => mass[b]! - mass[a]! || a - b);
  table.fill(OTHER);
  for (let k = 0; k < OTHER; k++) table[order[k]!] = k;
  return table;
}
