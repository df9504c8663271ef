import { OnnxGraph } from '../../../tensor/onnxGraph.ts';
import { f32, f64, openSession } from '../../../tensor/session.ts';
import { nativeGram, type GramInput } from './nativeGram.ts';

const CHUNK = 512;
const CHUNKS_PER_CALL = 16;
/** Multiplications below which loops are faster than a call into the graph. */
const LOOP_WORK = 500_000;
/** Multiplications above which float32 products (summed in float64, chunk by chunk) are worth their lost digits. */
const SINGLE_WORK = 4e8;

/**
 * Σ w a aᵀ with a = [x − shift, 1, extras], shape (width, width), width = nCols + 1 + extras.length.
 * `isExact` forbids float32 products.
 */
export async function gramOf(input: GramInput, threads: number, isExact: boolean): Promise<Float64Array> {
  const { X, extras } = input;
  const width = X.nCols + 1 + extras.length;
  const work = (X.nRows * width * width) / 2;
  if (work <= LOOP_WORK) return loop(input, width);
  const isSingle = !isExact && work > SINGLE_WORK;
  if (isSingle && isNative(input)) return nativeGram(input, threads);
  const session = await openSession(chunkGrams(width, isSingle ? 'float32' : 'float64'), { threads });
  const out = new Float64Array(width * width);
  const size = CHUNKS_PER_CALL * CHUNK * width;
  const A = isSingle ? new Float32Array(size) : new Float64Array(size);
  const B = input.weights ? A.slice() : A;
  for (let from = 0; from < X.nRows; from += CHUNKS_PER_CALL * CHUNK) {
    const count = Math.min(CHUNKS_PER_CALL * CHUNK, X.nRows - from);
    fill(input, from, count, width, A, B);
    const shape = [CHUNKS_PER_CALL, CHUNK, width];
    const tensor = (data: Float32Array | Float64Array) =>
      data instanceof Float32Array ? f32(data, shape) : f64(data, shape);
    const parts = (await session.run({ A: tensor(A), B: tensor(B) }))['G']!.data as Float32Array | Float64Array;
    for (let at = 0; at < parts.length; at += out.length) {
      for (let i = 0; i < out.length; i++) out[i]! += parts[at + i]!;
    }
  }
  return out;
}

/** Rows of weight 0 may hold NaN, which a product would not leave out. */
const isNative = (input: GramInput): input is GramInput & { readonly X: { readonly data: Float32Array } } =>
  input.X.data instanceof Float32Array && !input.weights?.includes(0);

/** A ← [x − shift, 1, extras] of rows [from, from + count), then zeros; B ← the same times the row's weight. */
function fill(
  { X, shift, extras, weights }: GramInput,
  from: number,
  count: number,
  width: number,
  A: Float32Array | Float64Array,
  B: Float32Array | Float64Array,
): void {
  const { data, nCols } = X;
  for (let i = 0; i < count; i++) {
    const to = i * width;
    const at = (from + i) * nCols;
    for (let j = 0; j < nCols; j++) A[to + j] = data[at + j]! - shift[j]!;
    A[to + nCols] = 1;
    for (let e = 0; e < extras.length; e++) A[to + nCols + 1 + e] = extras[e]![from + i]!;
    if (!weights) continue;
    const w = weights[from + i]!;
    // A row of weight 0 may hold anything, also NaN.
    for (let j = 0; j < width; j++) B[to + j] = w === 0 ? (A[to + j] = 0) : w * A[to + j]!;
  }
  A.fill(0, count * width);
  B.fill(0, count * width);
}

function chunkGrams(width: number, type: 'float32' | 'float64'): OnnxGraph {
  const g = new OnnxGraph();
  const A = g.input('A', type, ['b', 'c', width]);
  const B = g.input('B', type, ['b', 'c', width]);
  const perm = { perm: { kind: 'ints', value: [0, 2, 1] } } as const;
  const At = g.node('Transpose', [A], { type, shape: ['b', width, 'c'] }, perm);
  g.output('G', g.node('MatMul', [At, B], { type, shape: ['b', width, width] }));
  return g;
}

function loop({ X, shift, extras, weights }: GramInput, width: number): Float64Array {
  const out = new Float64Array(width * width);
  const a = new Float64Array(width);
  const { data, nCols } = X;
  a[nCols] = 1;
  for (let i = 0; i < X.nRows; i++) {
    const w = weights ? weights[i]! : 1;
    if (w === 0) continue;
    for (let j = 0; j < nCols; j++) a[j] = data[i * nCols + j]! - shift[j]!;
    for (let e = 0; e < extras.length; e++) a[nCols + 1 + e] = extras[e]![i]!;
    for (let j = 0; j < width; j++) {
      const v = w * a[j]!;
      if (v === 0) continue;
      for (let k = 0; k <= j; k++) out[j * width + k]! += v * a[k]!;
    }
  }
  for (let j = 0; j < width; j++) for (let k = 0; k < j; k++) out[k * width + j] = out[j * width + k]!;
  return out;
}
