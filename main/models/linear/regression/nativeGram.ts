import type { Matrix } from '../../../kernels/matrix.ts';
import { OnnxGraph, type OnnxValue } from '../../../tensor/onnxGraph.ts';
import { f32, openSession } from '../../../tensor/session.ts';

export interface GramInput {
  readonly X: Matrix;
  /** Subtracted from the columns of X, shape (nCols,): sums of squares far from 0 would lose their digits. */
  readonly shift: Float64Array;
  /** Further columns, each of shape (nRows,). */
  readonly extras: readonly Float64Array[];
  /** Shape (nRows,); undefined means ones. */
  readonly weights: Float64Array | undefined;
}

// Products of so many rows are summed in float32, the rest in float64.
const CHUNK = 512;
const CHUNKS_PER_CALL = 16;

/**
 * As `gramOf`, for float32 rows of positive weight: the graph reads the rows where they are, so that no loop of ours touches
 * every value.
 */
export async function nativeGram(
  { X, shift, extras, weights }: GramInput & { readonly X: { readonly data: Float32Array } },
  threads: number,
): Promise<Float64Array> {
  const d = X.nCols;
  const k = 1 + extras.length;
  const width = d + k;
  const session = await openSession(shiftedGrams(d, k, weights !== undefined), { threads, isAwake: true });
  const out = new Float64Array(width * width);
  const shifts = f32(Float32Array.from(shift), [1, 1, d]);
  const run = async (from: number, b: number, c: number) => {
    const to = from + b * c;
    const E = new Float32Array(b * c * k);
    const w = weights && Float32Array.from(weights.subarray(from, to));
    for (let i = 0; i < b * c; i++) {
      E[i * k] = 1;
      for (let e = 1; e < k; e++) E[i * k + e] = extras[e - 1]![from + i]!;
    }
    const parts = await session.run({
      X: f32(X.data.subarray(from * d, to * d), [b, c, d]),
      E: f32(E, [b, c, k]),
      shift: shifts,
      ...(w && { w: f32(w, [b, c, 1]) }),
    });
    const [xx, xe] = [parts['XX']!.data as Float32Array, parts['XE']!.data as Float32Array];
    for (let p = 0; p < b; p++) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) out[i * width + j]! += xx[(p * d + i) * d + j]!;
        for (let e = 0; e < k; e++) out[i * width + d + e]! += xe[(p * d + i) * k + e]!;
      }
    }
  };
  const perCall = CHUNK * CHUNKS_PER_CALL;
  let from = 0;
  for (; from + perCall <= X.nRows; from += perCall) await run(from, CHUNKS_PER_CALL, CHUNK);
  const whole = Math.floor((X.nRows - from) / CHUNK);
  if (whole > 0) await run(from, whole, CHUNK);
  from += whole * CHUNK;
  if (from < X.nRows) await run(from, 1, X.nRows - from);
  addExtras(out, [new Float64Array(X.nRows).fill(1), ...extras], weights, d);
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) out[i * width + j] = out[j * width + i]!;
  return out;
}

/** The corner of ones and extra columns: few values, summed in float64. */
function addExtras(out: Float64Array, columns: readonly Float64Array[], w: Float64Array | undefined, d: number): void {
  const width = d + columns.length;
  columns.forEach((u, a) => {
    for (let b = a; b < columns.length; b++) {
      const v = columns[b]!;
      let sum = 0;
      if (w) for (let i = 0; i < u.length; i++) sum += w[i]! * u[i]! * v[i]!;
      else for (let i = 0; i < u.length; i++) sum += u[i]! * v[i]!;
      out[(d + a) * width + d + b] = sum;
    }
  });
}

/** Chunk by chunk, with Z = X − shift: XX = Zᵀ diag(w) Z (b, d, d) and XE = Zᵀ diag(w) E (b, d, k). */
function shiftedGrams(d: number, k: number, isWeighted: boolean): OnnxGraph {
  const g = new OnnxGraph();
  const type = 'float32';
  const rows = { type, shape: ['b', 'c', d] } as const;
  const X = g.input('X', type, ['b', 'c', d]);
  const E = g.input('E', type, ['b', 'c', k]);
  const shift = g.input('shift', type, [1, 1, d]);
  const Z = g.node('Sub', [X, shift], rows);
  const weighted = (): OnnxValue => g.node('Mul', [Z, g.input('w', type, ['b', 'c', 1])], rows);
  const left = isWeighted ? weighted() : Z;
  const perm = { perm: { kind: 'ints', value: [0, 2, 1] } } as const;
  const turned = g.node('Transpose', [left], { type, shape: ['b', d, 'c'] }, perm);
  g.output('XX', g.node('MatMul', [turned, Z], { type, shape: ['b', d, d] }));
  g.output('XE', g.node('MatMul', [turned, E], { type, shape: ['b', d, k] }));
  return g;
}
