import { f32, f64, openSession } from '../../../tensor/session.ts';
import { sigmoid, softmaxInPlace, type Structure } from './dataTerm.ts';
import { gramGraph } from './graphs.ts';
import { rowOfGroup, sumOf } from './rows.ts';

type Real = Float32Array | Float64Array;

const tensor = (values: Real, shape: readonly number[]) =>
  values instanceof Float32Array ? f32(values, shape) : f64(values, shape);

const CHUNK = 512;
/** Few rows are cut into this many chunks, so that every thread has some. */
const MIN_CHUNKS = 16;
/** Bytes of weighted copies of rows that one call may hold: they stay in the last-level cache. */
const CALL_BYTES = 24 * 2 ** 20;

export interface HessianRows {
  /** Shape (nRows, q - 1). */
  readonly data: Float32Array | Float64Array;
  /** Undefined means ones. */
  readonly weights: Float32Array | Float64Array | undefined;
  readonly nRows: number;
}

/** Second derivatives of the log loss as `DataTerm.hessian` describes, by products of weighted rows. */
export async function graphHessian(
  { data, weights, nRows }: HessianRows,
  coef: Float64Array,
  nOut: number,
  q: number,
  structure: Structure,
  maxRows: number,
  threads: number,
): Promise<Float64Array> {
  const d = q - 1;
  const step = Math.max(1, Math.floor(nRows / maxRows));
  const m = Math.ceil(nRows / step);
  const pairs = pairsOf(nOut, structure);
  const P = nOut * q;
  const out = new Float64Array(structure === 'full' ? P * P : structure === 'blocks' ? nOut * q * q : P);
  // Rows of float32 carry no more digits than its products; float64 ones take three times as long.
  const isSingle = data instanceof Float32Array;
  const type = isSingle ? 'float32' : 'float64';
  const make = (size: number) => (isSingle ? new Float32Array(size) : new Float64Array(size));
  const session =
    structure === 'diagonal' ? undefined : await openSession(gramGraph(q, type), { threads, isAwake: true });
  const perCall = Math.max(1, Math.floor(CALL_BYTES / (8 * pairs.length * q * CHUNK)));
  let used = 0;
  for (let first = 0; first < m; first += perCall * CHUNK) {
    const count = Math.min(perCall * CHUNK, m - first);
    // Sums are rounded by chunks, so chunks must not depend on the threads that share them.
    const c = Math.min(CHUNK, Math.max(32, Math.ceil(count / MIN_CHUNKS)));
    const b = Math.ceil(count / c);
    const X = make(b * c * q);
    const V = make(pairs.length * b * c);
    const p = new Float64Array(nOut);
    for (let i = 0; i < count; i++) {
      const row = rowOfGroup(first + i, step, nRows);
      const s = weights ? weights[row]! : 1;
      used += s;
      const from = row * d;
      const to = i * q;
      for (let j = 0; j < d; j++) X[to + j] = data[from + j]!;
      X[to + d] = 1;
      for (let k = 0; k < nOut; k++) {
        let z = 0;
        for (let j = 0; j < q; j++) z += coef[k * q + j]! * X[to + j]!;
        p[k] = z;
      }
      if (nOut === 1) p[0] = sigmoid(p[0]!);
      else softmaxInPlace(p);
      for (let at = 0; at < pairs.length; at++) {
        const [k, l] = pairs[at]!;
        V[at * b * c + i] = s * p[k]! * (k === l ? 1 - p[k]! : -p[l]!);
      }
    }
    if (session === undefined) addDiagonals(X, V, count, b * c, q, out);
    else {
      const { H } = await session.run({ X: tensor(X, [b, c, q]), V: tensor(V, [pairs.length, b, c, 1]) });
      addBlocks(H!.data as Real, pairs, q, structure, P, out);
    }
  }
  if (step > 1) {
    const scale = sumOf(weights, nRows) / used;
    for (let i = 0; i < out.length; i++) out[i]! *= scale;
  }
  if (structure === 'full') mirror(out, P);
  return out;
}

function addDiagonals(X: Real, V: Real, count: number, stride: number, q: number, out: Float64Array): void {
  for (let k = 0; k * q < out.length; k++) {
    for (let i = 0; i < count; i++) {
      const v = V[k * stride + i]!;
      for (let j = 0; j < q; j++) out[k * q + j]! += v * X[i * q + j]! ** 2;
    }
  }
}

function addBlocks(
  H: Real,
  pairs: readonly [number, number][],
  q: number,
  structure: Structure,
  P: number,
  out: Float64Array,
): void {
  const width = structure === 'full' ? P : q;
  pairs.forEach(([k, l], at) => {
    const origin = structure === 'full' ? k * q * P + l * q : k * q * q;
    for (let i = 0; i < q; i++) {
      for (let j = 0; j < q; j++) out[origin + i * width + j]! += H[(at * q + i) * q + j]!;
    }
  });
}

/** Pairs of outputs whose block of second derivatives is wanted: the lower triangle. */
function pairsOf(nOut: number, structure: Structure): [number, number][] {
  const pairs: [number, number][] = [];
  for (let k = 0; k < nOut; k++) {
    if (structure === 'full') for (let l = 0; l < k; l++) pairs.push([k, l]);
    pairs.push([k, k]);
  }
  return pairs;
}

/** Copies the lower triangle of each (width, width) matrix in `out` to the upper one. */
export function mirror(out: Float64Array, width: number): void {
  for (let base = 0; base < out.length; base += width * width) {
    for (let i = 1; i < width; i++) {
      for (let j = 0; j < i; j++) out[base + j * width + i] = out[base + i * width + j]!;
    }
  }
}
