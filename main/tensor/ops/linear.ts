import { attr, formatShape, type Dim, type Op, type Shape, type Tensor } from '../program.ts';
import { sum } from './sum.ts';

const transposeOp: Op = {
  name: 'transpose',
  emit: (e, node, [x]) => e.node('Transpose', [x!], node, { perm: attr.ints([1, 0]) }),
  evaluate: (tf, _, [x]) => tf.transpose(x!, [1, 0]),
  gradient: (_, dy) => [transpose(dy)],
};

/** Rows and columns of a matrix swapped. */
export function transpose(x: Tensor): Tensor {
  if (x.shape.length !== 2) throw new RangeError(`transpose: ${formatShape(x.shape)} is not a matrix`);
  if (x.op === transposeOp) return x.inputs[0]!;
  return { op: transposeOp, inputs: [x], attributes: {}, shape: [x.shape[1]!, x.shape[0]!], type: x.type };
}

/** An operand that is a transpose is read across instead of being turned. */
const operand = (x: Tensor) => (x.op === transposeOp ? { x: x.inputs[0]!, isTurned: true } : { x, isTurned: false });
const turned = (x: Tensor, isTurned: unknown): Tensor => (isTurned ? transpose(x) : x);

/** Derivatives of op(a) op(b) by a and b. */
function productGradient(a: Tensor, b: Tensor, transA: unknown, transB: unknown, dy: Tensor): [Tensor, Tensor] {
  const [opA, opB] = [turned(a, transA), turned(b, transB)];
  return [
    transA ? matMul(opB, transpose(dy)) : matMul(dy, transpose(opB)),
    transB ? matMul(transpose(dy), opA) : matMul(transpose(opA), dy),
  ];
}

const matMulOp: Op = {
  name: 'matMul',
  emit: (e, node, inputs) => {
    const { transA, transB } = node.attributes;
    if (!transA && !transB) return e.node('MatMul', inputs, node);
    return e.node('Gemm', inputs, node, { transA: attr.int(Number(transA)), transB: attr.int(Number(transB)) });
  },
  evaluate: (tf, { attributes }, [a, b]) =>
    tf.matMul(a!, b!, attributes['transA'] as boolean, attributes['transB'] as boolean),
  gradient: ({ inputs, attributes }, dy) =>
    productGradient(inputs[0]!, inputs[1]!, attributes['transA'], attributes['transB'], dy),
};

/** Product of two matrices (m, k) and (k, n). Throws RangeError naming both shapes. */
export function matMul(a: Tensor, b: Tensor): Tensor {
  const shape = productShape('matMul', a.shape, b.shape);
  const [left, right] = [operand(a), operand(b)];
  const attributes = { transA: left.isTurned, transB: right.isTurned };
  return { op: matMulOp, inputs: [left.x, right.x], attributes, shape, type: 'real' };
}

function productShape(name: string, a: Shape, b: Shape): readonly [Dim, Dim] {
  if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
    throw new RangeError(`${name}: shapes ${formatShape(a)} and ${formatShape(b)} do not fit together`);
  }
  return [a[0]!, b[1]!];
}

const affineOp: Op = {
  name: 'affine',
  emit: (e, node, inputs) => e.node('Gemm', inputs, node),
  evaluate: (tf, _, [x, W, b]) => tf.add(tf.matMul(x!, W!), b!),
  gradient: ({ inputs }, dy) => [...productGradient(inputs[0]!, inputs[1]!, false, false, dy), sum(dy, [0])],
};

/** x W + b of shapes (n, k), (k, m) and (m,), in one node. Throws RangeError naming the shapes that do not fit. */
export function affine(x: Tensor, W: Tensor, b: Tensor): Tensor {
  const shape = productShape('affine', x.shape, W.shape);
  if (b.shape.length !== 1 || b.shape[0] !== shape[1]) {
    throw new RangeError(`affine: bias ${formatShape(b.shape)} does not fit ${formatShape(W.shape)}`);
  }
  return { op: affineOp, inputs: [x, W, b], attributes: {}, shape, type: 'real' };
}
