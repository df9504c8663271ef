import type { Matrix } from '../../kernels/matrix.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import { dataTypeCode } from '../../tensor/encode.ts';
import { RowProgram } from '../../tensor/rowProgram.ts';

/** Multiplications below which a loop is faster than a call into the graph. */
const LOOP_WORK = 200_000;

/** X Wᵀ + b, shape (nRows, nOut). `coef` has shape (nOut, q), the intercept last. */
export async function marginsOf(X: Matrix, coef: Float64Array, nOut: number): Promise<Matrix> {
  const { data, nRows, nCols } = X;
  const q = nCols + 1;
  if (coef.length !== nOut * q) {
    throw new RangeError(`The model was fitted on ${coef.length / nOut - 1} features, got ${nCols}`);
  }
  if (nRows * nCols * nOut > LOOP_WORK) {
    // float64 inside, as the loop: what a model says of a row does not depend on how many rows it is asked with.
    const type = data instanceof Float32Array ? 'float32' : 'float64';
    const build = (graph: OnnxGraph, x: OnnxValue) => affine(graph, x, coef, nOut);
    return new RowProgram(nCols, nOut, type, build, Math.max(nCols, nOut), 'float64').run(X);
  }
  const out = new Float64Array(nRows * nOut);
  for (let i = 0; i < nRows; i++) {
    for (let k = 0; k < nOut; k++) {
      let sum = coef[k * q + nCols]!;
      for (let j = 0; j < nCols; j++) sum += coef[k * q + j]! * data[i * nCols + j]!;
      out[i * nOut + k] = sum;
    }
  }
  return { data: out, nRows, nCols: nOut };
}

/** Nodes for x Wᵀ + b in float64; `x` is float32 or float64. */
export function affine(graph: OnnxGraph, x: OnnxValue, coef: Float64Array, nOut: number): OnnxValue {
  const type = 'float64';
  const d = coef.length / nOut - 1;
  const n = x.shape[0] ?? 'n';
  const W = new Float64Array(d * nOut);
  const bias = new Float64Array(nOut);
  for (let k = 0; k < nOut; k++) {
    for (let j = 0; j < d; j++) W[j * nOut + k] = coef[k * (d + 1) + j]!;
    bias[k] = coef[k * (d + 1) + d]!;
  }
  const cast = { to: { kind: 'int', value: dataTypeCode[type] } } as const;
  const typed = x.type === type ? x : graph.node('Cast', [x], { type, shape: x.shape }, cast);
  const weights = graph.constant({ type, shape: [d, nOut], data: W }, 'coefficients');
  const biases = graph.constant({ type, shape: [nOut], data: bias }, 'intercepts');
  const out = { type, shape: [n, nOut] } as const;
  return graph.node('Add', [graph.node('MatMul', [typed, weights], out), biases], out);
}

/** As `affine` for export: float64 inside, because float32 sums of large terms lose the fifth digit; float32 out. */
export function affineToOnnx(graph: OnnxGraph, x: OnnxValue, coef: Float64Array, nOut: number): OnnxValue {
  const z = affine(graph, x, coef, nOut);
  return graph.node(
    'Cast',
    [z],
    { type: 'float32', shape: z.shape },
    { to: { kind: 'int', value: dataTypeCode.float32 } },
  );
}
