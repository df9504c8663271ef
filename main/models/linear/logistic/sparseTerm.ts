import type { Matrix } from '../../../kernels/matrix.ts';
import { sigmoid, softmaxInPlace, softplus, type DataTerm, type Evaluation, type Structure } from './dataTerm.ts';
import { graphHessian, mirror } from './graphHessian.ts';
import { rowOfGroup, toSparse, type LabelledRows, type SparseRows } from './rows.ts';

/** Multiplications per Hessian above which the graph, which takes zeros like other numbers, is faster; measured. */
const LOOP_HESSIAN = 600_000;

/**
 * Float64 loops over the nonzero values: exact, without start-up cost, and the fastest way through one-hot columns, whose
 * second derivatives cost the square of a row's nonzero values only.
 */
export class SparseTerm implements DataTerm {
  readonly nOut: number;
  readonly q: number;
  readonly nRows: number;
  readonly noise = 1e-13;
  private readonly rows: SparseRows;
  private readonly y: Float64Array;
  private readonly weights: Float64Array;
  private readonly X: Matrix;
  private readonly threads: number;

  constructor({ X, y, weights }: LabelledRows, nOut: number, threads: number) {
    this.nOut = nOut;
    this.q = X.nCols + 1;
    this.nRows = X.nRows;
    this.rows = toSparse(X);
    this.y = y;
    this.X = X;
    this.threads = threads;
    this.weights = weights ?? new Float64Array(X.nRows).fill(1);
  }

  async evaluate(coef: Float64Array): Promise<Evaluation> {
    return this.nOut === 1 ? this.binary(coef) : this.multinomial(coef);
  }

  private binary(coef: Float64Array): Evaluation {
    const { y, weights, nRows } = this;
    const { starts, columns, values } = this.rows;
    const d = this.q - 1;
    const gradient = new Float64Array(this.q);
    let loss = 0;
    for (let i = 0; i < nRows; i++) {
      const [from, to] = [starts[i]!, starts[i + 1]!];
      let z = coef[d]!;
      for (let p = from; p < to; p++) z += coef[columns[p]!]! * values[p]!;
      const s = weights[i]!;
      const isOne = y[i] === 1;
      loss += s * softplus(isOne ? -z : z);
      // Residual in the form that keeps its digits when the row is fitted well.
      const r = isOne ? -s * sigmoid(-z) : s * sigmoid(z);
      for (let p = from; p < to; p++) gradient[columns[p]!]! += r * values[p]!;
      gradient[d]! += r;
    }
    return { loss, gradient };
  }

  private multinomial(coef: Float64Array): Evaluation {
    const { y, weights, nRows, nOut, q } = this;
    const { starts, columns, values } = this.rows;
    const gradient = new Float64Array(nOut * q);
    const z = new Float64Array(nOut);
    let loss = 0;
    for (let i = 0; i < nRows; i++) {
      this.margins(coef, i, z);
      const own = z[y[i]!]!;
      loss += weights[i]! * (softmaxInPlace(z) - own);
      for (let k = 0; k < nOut; k++) {
        const r = weights[i]! * (z[k]! - (y[i] === k ? 1 : 0));
        const at = k * q;
        for (let p = starts[i]!; p < starts[i + 1]!; p++) gradient[at + columns[p]!]! += r * values[p]!;
        gradient[at + q - 1]! += r;
      }
    }
    return { loss, gradient };
  }

  private margins(coef: Float64Array, i: number, z: Float64Array): void {
    const { starts, columns, values } = this.rows;
    for (let k = 0; k < this.nOut; k++) {
      const at = k * this.q;
      let sum = coef[at + this.q - 1]!;
      for (let p = starts[i]!; p < starts[i + 1]!; p++) sum += coef[at + columns[p]!]! * values[p]!;
      z[k] = sum;
    }
  }

  async hessian(coef: Float64Array, structure: Structure, maxRows: number): Promise<Float64Array> {
    const { nOut, q, nRows, weights } = this;
    const P = nOut * q;
    const perRow = this.rows.values.length / nRows + 1;
    const nPairs = structure === 'full' ? (nOut * (nOut + 1)) / 2 : nOut;
    const work = Math.min(nRows, maxRows) * nPairs * (structure === 'diagonal' ? perRow : (perRow * perRow) / 2);
    // The graph's products run about fifteen times as fast as these loops, but take zeros like any number.
    if (work > LOOP_HESSIAN && perRow * 4 > q) {
      const rows = { data: this.X.data, weights, nRows };
      return graphHessian(rows, coef, nOut, q, structure, maxRows, this.threads);
    }
    const out = new Float64Array(structure === 'full' ? P * P : structure === 'blocks' ? nOut * q * q : P);
    const step = Math.max(1, Math.floor(nRows / maxRows));
    let [total, used] = [0, 0];
    if (step > 1) for (let i = 0; i < nRows; i++) total += weights[i]!;
    const z = new Float64Array(nOut);
    for (let group = 0; group * step < nRows; group++) {
      const i = rowOfGroup(group, step, nRows);
      const s = weights[i]!;
      used += s;
      this.margins(coef, i, z);
      if (nOut === 1) {
        const p = sigmoid(z[0]!);
        this.addRow(i, s * p * (1 - p), structure, 0, 0, out);
        continue;
      }
      softmaxInPlace(z);
      for (let k = 0; k < nOut; k++) {
        this.addRow(i, s * z[k]! * (1 - z[k]!), structure, k, k, out);
        if (structure !== 'full') continue;
        for (let l = 0; l < k; l++) this.addRow(i, -s * z[k]! * z[l]!, structure, k, l, out);
      }
    }
    if (step > 1) for (let i = 0; i < out.length; i++) out[i]! *= total / used;
    if (structure !== 'diagonal') mirror(out, structure === 'full' ? P : q);
    return out;
  }

  /** Adds v · [x, 1][x, 1]ᵀ to block (k, l); only the lower triangle of the whole is complete (and all of k ≠ l). */
  private addRow(i: number, v: number, structure: Structure, k: number, l: number, out: Float64Array): void {
    const { starts, columns, values } = this.rows;
    const { q } = this;
    const [from, to] = [starts[i]!, starts[i + 1]!];
    if (structure === 'diagonal') {
      for (let p = from; p < to; p++) out[k * q + columns[p]!]! += v * values[p]! * values[p]!;
      out[k * q + q - 1]! += v;
      return;
    }
    const width = structure === 'full' ? this.nOut * q : q;
    const origin = structure === 'full' ? k * q * width + l * q : k * q * q;
    for (let p = from; p < to; p++) {
      const a = v * values[p]!;
      const row = origin + columns[p]! * width;
      const end = k === l ? p + 1 : to;
      for (let r = from; r < end; r++) out[row + columns[r]!]! += a * values[r]!;
      out[origin + (q - 1) * width + columns[p]!]! += a;
      if (k !== l) out[row + q - 1]! += a;
    }
    out[origin + (q - 1) * width + q - 1]! += v;
  }
}
