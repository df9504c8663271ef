import { attr, formatShape, type Op, type Tensor } from '../program.ts';

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

const matMulOp: Op = {
  name: 'matMul',
  // The runtime fuses a transpose of an operand into the product.
  emit: (e, node, inputs) => e.node('MatMul', inputs, node),
  evaluate: (tf, _, [a, b]) => tf.matMul(a!, b!),
  gradient: (node, dy) => {
    const [a, b] = [node.inputs[0]!, node.inputs[1]!];
    return [matMul(dy, transpose(b)), matMul(transpose(a), dy)];
  },
};

/** Product of two matrices (m, k) and (k, n). Throws RangeError naming both shapes. */
export function matMul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0]) {
    throw new RangeError(`matMul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not fit together`);
  }
  return { op: matMulOp, inputs: [a, b], attributes: {}, shape: [a.shape[0]!, b.shape[1]!], type: 'real' };
}
