import type { PassMemory } from '../service.ts';
import type { PassPilot } from './passPilot.ts';

/** Values of a block's rows: about what a core's own cache holds. */
const BLOCK_VALUES = 65_536;

/** Sums of c·[x, 1] and v·[x, 1][x, 1]ᵀ over the rows of each part of a block. */
export class PartSums {
  /** Address of the rows, f64 (nRows + 2, pitch); row `nRows` stays zero. */
  readonly A: number;
  readonly pitch: number;
  /** Rows a block holds at most. */
  readonly nRows: number;
  private readonly pilot: PassPilot;
  private readonly memory: PassMemory;
  private readonly nCoef: number;
  /** Addresses of the coefficients, f64 (nRows + 1, nCoef), of the curvatures, f64 (nRows + 1,), and of row numbers. */
  readonly at: { readonly C: number; readonly V: number; readonly rows: number };
  private readonly C: Float64Array;
  private readonly V: Float64Array;
  private readonly rows: Uint32Array;
  private readonly nSums: number;
  /** Sums by part since the last `flush`; those of parts without rows are absent or zero. */
  private readonly sums: (Sums | undefined)[] = [];
  private readonly counts = new Uint32Array(257);
  private readonly next = new Uint32Array(256);

  constructor(pilot: PassPilot, memory: PassMemory) {
    const { arena } = memory;
    const q = pilot.nFeatures + 1;
    const K = pilot.loss.nOut;
    this.pilot = pilot;
    this.memory = memory;
    this.pitch = q + (q % 2);
    this.nRows = Math.max(64, Math.min(2048, 2 * Math.floor(BLOCK_VALUES / this.pitch / 2)));
    this.nCoef = K * (2 + pilot.others.length);
    const n = this.nRows;
    this.nSums = (this.nCoef + (pilot.layout.cross < 0 ? 0 : q)) * this.pitch;
    this.A = arena.alloc(8 * (n + 2) * this.pitch);
    const C = arena.alloc(8 * (n + 1) * this.nCoef);
    const V = arena.alloc(8 * (n + 1));
    // Groups of four: each part may be filled up by three.
    const nList = n + 4 * 256;
    const rows = arena.alloc(4 * nList);
    this.at = { C, V, rows };
    this.C = arena.f64(C, (n + 1) * this.nCoef);
    this.V = arena.f64(V, n + 1);
    this.rows = arena.u32(rows, nList);
  }

  /** Coefficients of row `i`: gradient and curvature times its weight (least squares: residual and 1). */
  set(i: number, w: number, g: Float64Array, v: Float64Array): void {
    const { C, nCoef } = this;
    const K = g.length;
    for (let k = 0, at = i * nCoef; k < K; k++, at++) {
      C[at] = w * g[k]!;
      C[at + K] = w * v[k]!;
    }
    this.V[i] = w * v[0]!;
  }

  setOther(i: number, o: number, w: number, g: Float64Array): void {
    const at = i * this.nCoef + g.length * (2 + o);
    for (let k = 0; k < g.length; k++) this.C[at + k] = w * g[k]!;
  }

  /** Adds rows 0 … n-1 to the sums of their parts. */
  add(n: number, part: Uint8Array | undefined): void {
    const { counts, rows, at, pitch, nCoef, memory, pilot } = this;
    this.list(n, part);
    const q = pilot.nFeatures + 1;
    for (let k = 0, from = 0; k < 256; k++) {
      const count = counts[k]!;
      if (count === 0) continue;
      const padded = 4 * Math.ceil(count / 4);
      rows.fill(this.nRows, from + count, from + padded);
      const sums = this.sumsOf(k);
      const list = at.rows + 4 * from;
      memory.wasm.addOuterProducts(this.A, pitch, list, padded, at.C, nCoef, sums.at);
      if (pilot.layout.cross >= 0) {
        memory.wasm.addRowGram(this.A, q, pitch, list, padded, at.V, sums.at + 8 * nCoef * pitch);
      }
      if (pilot.loss.name === 'squared') this.addSquares(sums.squares, from, count);
      from += padded;
    }
  }

  /** Adds the sums to the totals, shape (nParts, nStatistics), and begins anew. */
  flush(totals: Float64Array): void {
    const { nStatistics, layout, nFeatures: d } = this.pilot;
    this.sums.forEach((sums, k) => {
      if (!sums?.isUsed) return;
      this.unpack(sums.values, totals, k * nStatistics);
      const to = k * nStatistics + layout.curvature + d;
      for (let j = 0; j < sums.squares.length; j++) totals[to + j]! += sums.squares[j]!;
      sums.isUsed = false;
    });
  }

  private sumsOf(part: number): Sums {
    const { arena } = this.memory;
    let sums = this.sums[part];
    if (!sums) {
      const at = arena.alloc(8 * this.nSums);
      const squares = new Float64Array(this.pilot.loss.name === 'squared' ? this.pilot.nFeatures : 0);
      this.sums[part] = sums = { at, values: arena.f64(at, this.nSums), squares, isUsed: false };
    }
    if (!sums.isUsed) {
      sums.values.fill(0);
      sums.squares.fill(0);
      sums.isUsed = true;
    }
    return sums;
  }

  /** Row numbers by part, each part from a multiple of four on; counts by part. */
  private list(n: number, part: Uint8Array | undefined): void {
    const { counts, rows } = this;
    counts.fill(0);
    if (part === undefined) {
      counts[0] = n;
      for (let i = 0; i < n; i++) rows[i] = i;
      return;
    }
    for (let i = 0; i < n; i++) counts[part[i]!]!++;
    const { next } = this;
    for (let k = 0, from = 0; k < 256; k++) {
      next[k] = from;
      from += 4 * Math.ceil(counts[k]! / 4);
    }
    for (let i = 0; i < n; i++) rows[next[part[i]!]!++] = i;
  }

  private unpack(sums: Float64Array, totals: Float64Array, to: number): void {
    const { layout, loss, nFeatures: d, others } = this.pilot;
    const { pitch } = this;
    const isSquared = loss.name === 'squared';
    const K = loss.nOut;
    const addRow = (row: number, at: number, length: number) => {
      for (let j = 0, from = row * pitch; j < length; j++) totals[to + at + j]! += sums[from + j]!;
    };
    for (let k = 0; k < K; k++) {
      addRow(k, layout.gradient + k * (d + 1), d + 1);
      if (isSquared) addRow(K + k, layout.curvature, d);
      else addRow(K + k, layout.curvature + k * (d + 1), d + 1);
    }
    for (let o = 0; o < others.length; o++) {
      for (let k = 0; k < K; k++) addRow(K * (2 + o) + k, layout.others + (o * K + k) * (d + 1), d + 1);
    }
    if (layout.cross < 0) return;
    let at = layout.cross;
    for (let a = 0; a < d; a++) {
      // Squares are among the curvature statistics of least squares already.
      const length = isSquared ? a : a + 1;
      addRow(this.nCoef + a, at, length);
      at += length;
    }
  }

  /** Σ w x² of each feature, for least squares (v = 1, so V is the weight). */
  private addSquares(squares: Float64Array, from: number, count: number): void {
    const { nFeatures: d } = this.pilot;
    const rowsAt = this.memory.arena.f64(this.A, (this.nRows + 2) * this.pitch);
    for (let at = from; at < from + count; at++) {
      const i = this.rows[at]!;
      for (let j = 0; j < d; j++) squares[j]! += this.V[i]! * rowsAt[i * this.pitch + j]! ** 2;
    }
  }
}

/** What the rows of one part add up to. */
interface Sums {
  readonly at: number;
  readonly values: Float64Array;
  /** Shape (nFeatures,), least squares only. */
  readonly squares: Float64Array;
  isUsed: boolean;
}
