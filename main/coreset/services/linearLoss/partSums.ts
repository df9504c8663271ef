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
  private readonly at: { readonly C: number; readonly V: number; readonly rows: number; readonly sums: number };
  private readonly C: Float64Array;
  private readonly V: Float64Array;
  private readonly rows: Uint32Array;
  private readonly sums: Float64Array;
  private readonly counts = new Uint32Array(257);

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
    const nSums = (this.nCoef + (pilot.layout.cross < 0 ? 0 : q)) * this.pitch;
    this.A = arena.alloc(8 * (n + 2) * this.pitch);
    const C = arena.alloc(8 * (n + 1) * this.nCoef);
    const V = arena.alloc(8 * (n + 1));
    // Groups of four: each part may be filled up by three.
    const nList = n + 4 * 256;
    const rows = arena.alloc(4 * nList);
    const sums = arena.alloc(8 * nSums);
    this.at = { C, V, rows, sums };
    this.C = arena.f64(C, (n + 1) * this.nCoef);
    this.V = arena.f64(V, n + 1);
    this.rows = arena.u32(rows, nList);
    this.sums = arena.f64(sums, nSums);
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

  /** Adds the sums of rows 0 … n-1 to the totals of their parts. */
  addTo(totals: Float64Array, n: number, part: Uint8Array | undefined): void {
    const { counts, rows, at, pitch, nCoef, memory, pilot } = this;
    this.list(n, part);
    const q = pilot.nFeatures + 1;
    for (let k = 0, from = 0; k < 256; k++) {
      const count = counts[k]!;
      if (count === 0) continue;
      const padded = 4 * Math.ceil(count / 4);
      rows.fill(this.nRows, from + count, from + padded);
      this.sums.fill(0);
      const list = at.rows + 4 * from;
      memory.wasm.addOuterProducts(this.A, pitch, list, padded, at.C, nCoef, at.sums);
      if (pilot.layout.cross >= 0) {
        memory.wasm.addRowGram(this.A, q, pitch, list, padded, at.V, at.sums + 8 * nCoef * pitch);
      }
      this.unpack(totals, k * pilot.nStatistics);
      if (pilot.loss.name === 'squared') this.addSquares(totals, k * pilot.nStatistics, from, count);
      from += padded;
    }
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
    const next = new Uint32Array(256);
    for (let k = 0, from = 0; k < 256; k++) {
      next[k] = from;
      from += 4 * Math.ceil(counts[k]! / 4);
    }
    for (let i = 0; i < n; i++) rows[next[part[i]!]!++] = i;
  }

  private unpack(totals: Float64Array, to: number): void {
    const { layout, loss, nFeatures: d, others } = this.pilot;
    const { sums, pitch } = this;
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
  private addSquares(totals: Float64Array, to: number, from: number, count: number): void {
    const { layout, nFeatures: d } = this.pilot;
    const rowsAt = this.memory.arena.f64(this.A, (this.nRows + 2) * this.pitch);
    for (let at = from; at < from + count; at++) {
      const i = this.rows[at]!;
      for (let j = 0; j < d; j++) {
        totals[to + layout.curvature + d + j]! += this.V[i]! * rowsAt[i * this.pitch + j]! ** 2;
      }
    }
  }
}
