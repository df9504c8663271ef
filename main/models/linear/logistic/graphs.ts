import { OnnxGraph, type OnnxValue } from '../../../tensor/onnxGraph.ts';

type Real = 'float32' | 'float64';

/**
 * Loss per chunk of rows and gradient. Rows come as (b, c, d): a batch of products keeps all threads busy, and sums over
 * one chunk at a time lose fewer digits in float32.
 * Inputs: X (b, c, d), y (b, c, 1) class index or for one output 1 − 2 · class, W (d, nOut), bias (1, nOut), and when
 * `isWeighted` s (b, c, 1), weights.
 * Outputs: loss (b, 1, 1), gW (b, nOut, d), gb (b, 1, nOut).
 */
export function lossGraph(d: number, nOut: number, type: Real, isWeighted: boolean): OnnxGraph {
  const g = new OnnxGraph();
  const of = (...shape: (number | string)[]) => ({ type, shape });
  const X = g.input('X', type, ['b', 'c', d]);
  const y = g.input('y', type, ['b', 'c', 1]);
  const s = isWeighted ? g.input('s', type, ['b', 'c', 1]) : undefined;
  const weighted = (v: OnnxValue) => (s ? g.node('Mul', [v, s], { type, shape: v.shape }) : v);
  const W = g.input('W', type, [d, nOut]);
  const bias = g.input('bias', type, [1, nOut]);
  const axes = g.constant({ type: 'int64', shape: [1], data: [1] }, 'axes');
  const rows = of('b', 'c', nOut);
  const z = g.node('Add', [g.node('MatMul', [X, W], rows), bias], rows);
  const sum = (v: OnnxValue, axis: OnnxValue, shape: (number | string)[]) =>
    g.node('ReduceSum', [v, axis], of(...shape), { keepdims: { kind: 'int', value: 1 } });
  let loss: OnnxValue;
  let r: OnnxValue;
  if (nOut === 1) {
    // u = z for class 0 and −z for class 1: its softplus and slope keep their digits when a row is fitted well.
    // softplus(u) = max(u, 0) − log σ(|u|). A constant operand would be slow here: broadcasting along a last axis of one.
    const u = g.node('Mul', [z, y], rows);
    const tail = g.node('Log', [g.node('Sigmoid', [g.node('Abs', [u], rows)], rows)], rows);
    loss = weighted(g.node('Sub', [g.node('Relu', [u], rows), tail], rows));
    r = weighted(g.node('Mul', [g.node('Sigmoid', [u], rows), y], rows));
  } else {
    const classes = g.constant(
      { type, shape: [1, 1, nOut], data: Array.from({ length: nOut }, (_, k) => k) },
      'classes',
    );
    const is = g.node('Equal', [y, classes], { type: 'bool', shape: ['b', 'c', nOut] });
    const oneHot = g.node('Cast', [is], rows, { to: { kind: 'int', value: type === 'float32' ? 1 : 11 } });
    const logP = g.node('LogSoftmax', [z], rows, { axis: { kind: 'int', value: 2 } });
    const last = g.constant({ type: 'int64', shape: [1], data: [2] }, 'axes');
    const own = sum(g.node('Mul', [logP, oneHot], rows), last, ['b', 'c', 1]);
    loss = g.node('Neg', [weighted(own)], of('b', 'c', 1));
    const p = g.node('Exp', [logP], rows);
    r = weighted(g.node('Sub', [p, oneHot], rows));
  }
  const perm = { perm: { kind: 'ints', value: [0, 2, 1] } } as const;
  const rT = g.node('Transpose', [r], of('b', nOut, 'c'), perm);
  g.output('loss', sum(loss, axes, ['b', 1, 1]));
  g.output('gW', g.node('MatMul', [rT, X], of('b', nOut, d)));
  g.output('gb', sum(r, axes, ['b', 1, nOut]));
  return g;
}

/** Σ_rows v_p x xᵀ for every p. Inputs: X (b, c, q), V (nPairs, b, c, 1). Output: H (nPairs, 1, q, q). */
export function gramGraph(q: number, type: Real): OnnxGraph {
  const g = new OnnxGraph();
  const of = (...shape: (number | string)[]) => ({ type, shape });
  const X = g.input('X', type, ['b', 'c', q]);
  const V = g.input('V', type, ['p', 'b', 'c', 1]);
  const VX = g.node('Mul', [V, X], of('p', 'b', 'c', q));
  const Xt = g.node('Transpose', [X], of('b', q, 'c'), { perm: { kind: 'ints', value: [0, 2, 1] } });
  const parts = g.node('MatMul', [Xt, VX], of('p', 'b', q, q));
  const axes = g.constant({ type: 'int64', shape: [1], data: [1] }, 'axes');
  g.output('H', g.node('ReduceSum', [parts, axes], of('p', 1, q, q), { keepdims: { kind: 'int', value: 1 } }));
  return g;
}
