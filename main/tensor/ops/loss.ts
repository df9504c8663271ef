import { attr, formatShape, type Op, type Tensor } from '../program.ts';
import { exp, mul, sigmoid, sub } from './elementwise.ts';
import { logSoftmax } from './rows.ts';
import { isSameShape } from './sum.ts';

// Losses have derivatives of their own: what the chain rule would give is the same number by twice the operations.

const logLossOp: Op = {
  name: 'logLoss',
  emit: (e, node, [z, y]) => {
    const own = e.node('Mul', [z!, y!], node);
    if (e.real === 'float32') return e.node('Sub', [e.node('Softplus', [z!], node), own], node);
    // ONNX Runtime has no float64 Softplus.
    const tail = e.node('Exp', [e.node('Neg', [e.node('Abs', [z!], node)], node)], node);
    const log1p = e.node('Log', [e.node('Add', [tail, e.constant(1)], node)], node);
    return e.node('Sub', [e.node('Add', [e.node('Relu', [z!], node), log1p], node), own], node);
  },
  evaluate: (tf, _, [z, y]) => tf.sub(tf.softplus(z!), tf.mul(z!, y!)),
  gradient: ({ inputs: [z, y] }, dy) => [mul(dy, sub(sigmoid(z!), y!)), undefined],
};

/** −log of the probability σ(z) gives the class y (0 or 1), elementwise; nothing flows back to y. */
export function logLoss(z: Tensor, y: Tensor): Tensor {
  if (!isSameShape(z.shape, y.shape)) {
    throw new RangeError(`logLoss: ${formatShape(y.shape)} classes for margins ${formatShape(z.shape)}`);
  }
  return { op: logLossOp, inputs: [z, y], attributes: {}, shape: z.shape, type: 'real' };
}

const crossEntropyOp: Op = {
  name: 'crossEntropy',
  emit: (e, node, [z, oneHot]) => {
    const wide = { shape: [node.shape[0]!, 'classes'] };
    const logP = e.node('LogSoftmax', [z!], wide, { axis: attr.int(1) });
    const own = e.node('Mul', [logP, oneHot!], wide);
    return e.node('Neg', [e.node('ReduceSum', [own, e.ints([1])], node, { keepdims: attr.int(1) })], node);
  },
  evaluate: (tf, _, [z, oneHot]) => tf.neg(tf.sum(tf.mul(tf.logSoftmax(z!, 1), oneHot!), 1, true)),
  gradient: ({ inputs: [z, oneHot] }, dy) => [mul(dy, sub(exp(logSoftmax(z!)), oneHot!)), undefined],
};

/** −log of the probability softmax(z) gives the class, shape (n, 1); nothing flows back to `oneHot`, shape (n, k). */
export function crossEntropy(z: Tensor, oneHot: Tensor): Tensor {
  if (z.shape.length !== 2 || !isSameShape(z.shape, oneHot.shape)) {
    throw new RangeError(`crossEntropy: ${formatShape(oneHot.shape)} classes for margins ${formatShape(z.shape)}`);
  }
  return { op: crossEntropyOp, inputs: [z, oneHot], attributes: {}, shape: [z.shape[0]!, 1], type: 'real' };
}
