import type { OnnxGraph, OnnxTensor, OnnxType, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { KernelSpec } from './kernel.ts';
import type { PaddedRows } from './rows.ts';

/**
 * Σ_sv coef[sv] K(x, sv) − rho, float32 (n, 1), with float64 inside: thousands of terms of either sign would lose the
 * fifth digit in the float32 sums of the ai.onnx.ml operators.
 */
export function decisionToOnnx(
  graph: OnnxGraph,
  x: OnnxValue,
  model: {
    readonly vectors: PaddedRows;
    readonly d: number;
    readonly kernel: KernelSpec;
    readonly coef: Float64Array;
    readonly rho: number;
  },
): OnnxValue {
  const { vectors, d, kernel, coef, rho } = model;
  const n = x.shape[0] ?? 'n';
  const nSv = vectors.n;
  const node = (op: string, inputs: OnnxValue[], columns: number, type: OnnxType = 'float64', to?: number) =>
    graph.node(op, inputs, { type, shape: [n, columns] }, to === undefined ? {} : { to: { kind: 'int', value: to } });
  const constant = (shape: number[], data: OnnxTensor['data'], hint: string) =>
    graph.constant({ type: 'float64', shape, data }, hint);
  const scalar = (value: number, hint: string) => constant([1, 1], [value], hint);

  const transposed = new Float64Array(d * nSv);
  for (let i = 0; i < nSv; i++)
    for (let j = 0; j < d; j++) transposed[j * nSv + i] = vectors.data[i * vectors.stride + j]!;
  const x64 = node('Cast', [x], d, 'float64', FLOAT64);
  const dots = node('MatMul', [x64, constant([d, nSv], transposed, 'vectors')], nSv);
  const scaled = () => {
    const product = node('Mul', [dots, scalar(kernel.gamma, 'gamma')], nSv);
    return node('Add', [product, scalar(kernel.coef0, 'coef0')], nSv);
  };
  const values = () => {
    switch (kernel.name) {
      case 'linear':
        return dots;
      case 'poly': {
        let power = scaled();
        const base = power;
        for (let k = 1; k < kernel.degree; k++) power = node('Mul', [power, base], nSv);
        return power;
      }
      case 'sigmoid':
        return node('Tanh', [scaled()], nSv);
      case 'rbf': {
        const ones = constant([d, 1], new Float64Array(d).fill(1), 'ones');
        const own = node('MatMul', [node('Mul', [x64, x64], d), ones], 1);
        const theirs = constant([1, nSv], vectors.norms, 'norms');
        const sums = node('Add', [own, theirs], nSv);
        const distance = node('Sub', [sums, node('Mul', [dots, scalar(2, 'two')], nSv)], nSv);
        return node('Exp', [node('Mul', [distance, scalar(-kernel.gamma, 'gamma')], nSv)], nSv);
      }
    }
  };
  const sum = node('MatMul', [values(), constant([nSv, 1], coef, 'coefficients')], 1);
  return node('Cast', [node('Sub', [sum, scalar(rho, 'rho')], 1)], 1, 'float32', FLOAT32);
}

// TensorProto.DataType
const FLOAT32 = 1;
const FLOAT64 = 11;
