import type * as Tf from '@tensorflow/tfjs';
import { attr, constant, type Op, type Tensor } from '../program.ts';
import { broadcastShapes, sumTo, unrepeated } from './sum.ts';

type TwoTensors = (a: Tf.Tensor, b: Tf.Tensor) => Tf.Tensor;

function binary(
  name: string,
  onnx: string,
  evaluate: (tf: typeof Tf) => TwoTensors,
  gradient: (a: Tensor, b: Tensor, dy: Tensor, y: Tensor) => readonly [Tensor, Tensor],
) {
  const op: Op = {
    name,
    emit: (e, node, inputs) => e.node(onnx, inputs, node),
    evaluate: (tf, _, [a, b]) => evaluate(tf)(a!, b!),
    gradient: (node, dy) => {
      const [a, b] = [node.inputs[0]!, node.inputs[1]!];
      const [da, db] = gradient(a, b, dy, node);
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
  };
  return (a: Tensor, b: Tensor | number): Tensor => {
    const other = typeof b === 'number' ? constant(b) : b;
    const shape = broadcastShapes(name, a.shape, other.shape);
    return { op, inputs: [unrepeated(a, other), unrepeated(other, a)], attributes: {}, shape, type: 'real' };
  };
}

/** a + b, broadcasting as numpy does; so for all operations of two tensors. */
export const add = binary(
  'add',
  'Add',
  (tf) => tf.add,
  (_a, _b, dy) => [dy, dy],
);
export const sub = binary(
  'sub',
  'Sub',
  (tf) => tf.sub,
  (_a, _b, dy) => [dy, neg(dy)],
);
export const mul = binary(
  'mul',
  'Mul',
  (tf) => tf.mul,
  (a, b, dy) => [mul(dy, b), mul(dy, a)],
);
export const div = binary(
  'div',
  'Div',
  (tf) => tf.div,
  (_a, b, dy, y) => [div(dy, b), neg(div(mul(dy, y), b))],
);
/** The larger one; where both are equal each gets the gradient. */
export const maximum = binary(
  'maximum',
  'Max',
  (tf) => tf.maximum,
  (a, b, dy, y) => [mul(dy, equal(a, y)), mul(dy, equal(b, y))],
);
export const minimum = binary(
  'minimum',
  'Min',
  (tf) => tf.minimum,
  (a, b, dy, y) => [mul(dy, equal(a, y)), mul(dy, equal(b, y))],
);

function comparison(name: string, onnx: string, evaluate: (tf: typeof Tf) => TwoTensors) {
  const op: Op = {
    name,
    emit: (e, node, inputs) => {
      const is = e.node(onnx, inputs, { shape: node.shape, type: 'bool' });
      return e.node('Cast', [is], node, { to: attr.type(e.real) });
    },
    evaluate: (tf, _, [a, b]) => tf.cast(evaluate(tf)(a!, b!), 'float32'),
  };
  return (a: Tensor, b: Tensor | number): Tensor => {
    const other = typeof b === 'number' ? constant(b) : b;
    return { op, inputs: [a, other], attributes: {}, shape: broadcastShapes(name, a.shape, other.shape), type: 'real' };
  };
}

/** 1 where a = b, else 0; nothing flows back through comparisons. */
export const equal = comparison('equal', 'Equal', (tf) => tf.equal);
/** 1 where a > b, else 0. */
export const greater = comparison('greater', 'Greater', (tf) => tf.greater);

function unary(
  name: string,
  onnx: string,
  evaluate: (tf: typeof Tf) => (x: Tf.Tensor) => Tf.Tensor,
  gradient: (x: Tensor, dy: Tensor, y: Tensor) => Tensor | undefined,
  emit?: Op['emit'],
) {
  const op: Op = {
    name,
    emit: emit ?? ((e, node, inputs) => e.node(onnx, inputs, node)),
    evaluate: (tf, _, [x]) => evaluate(tf)(x!),
    gradient: (node, dy) => [gradient(node.inputs[0]!, dy, node)],
  };
  return (x: Tensor): Tensor => ({ op, inputs: [x], attributes: {}, shape: x.shape, type: 'real' });
}

export const neg = unary(
  'neg',
  'Neg',
  (tf) => tf.neg,
  (_x, dy) => neg(dy),
);
export const exp = unary(
  'exp',
  'Exp',
  (tf) => tf.exp,
  (_x, dy, y) => mul(dy, y),
);
export const log = unary(
  'log',
  'Log',
  (tf) => tf.log,
  (x, dy) => div(dy, x),
);
export const sqrt = unary(
  'sqrt',
  'Sqrt',
  (tf) => tf.sqrt,
  (_x, dy, y) => div(mul(dy, 0.5), y),
);
export const abs = unary(
  'abs',
  'Abs',
  (tf) => tf.abs,
  (x, dy) => mul(dy, sign(x)),
);
/** Slope of the leaky rectifier below 0. */
const LEAK = 0.3;

/** −1, 0 or 1. */
export const sign = unary(
  'sign',
  'Sign',
  (tf) => tf.sign,
  () => undefined,
);
/** 1 for x > 0, else 0. As a very steep hard sigmoid it is one vectorised pass; comparison and cast are two slow ones. */
const isPositive = unary(
  'isPositive',
  'HardSigmoid',
  (tf) => (x) => tf.cast(tf.greater(x, 0), 'float32'),
  () => undefined,
  (e, node, inputs) =>
    e.real === 'float32'
      ? e.node('HardSigmoid', inputs, node, { alpha: attr.float(3e38), beta: attr.float(0) })
      : e.node('Relu', [e.node('Sign', inputs, node)], node),
);
/** max(x, 0). */
export const relu = unary(
  'relu',
  'Relu',
  (tf) => tf.relu,
  (_x, dy, y) => mul(dy, isPositive(y)),
);
/** x, or 0.3 x below 0 (the slope Keras has). */
export const leakyRelu = unary(
  'leakyRelu',
  'LeakyRelu',
  (tf) => (x) => tf.leakyRelu(x, LEAK),
  (x, dy) => mul(dy, maximum(sign(x), LEAK)),
  (e, node, [x]) =>
    e.real === 'float32'
      ? e.node('LeakyRelu', [x!], node, { alpha: attr.float(LEAK) })
      : e.node('Max', [x!, e.node('Mul', [x!, e.constant(LEAK)], node)], node),
);
/** x, or eˣ − 1 below 0. */
export const elu = unary(
  'elu',
  'Elu',
  (tf) => tf.elu,
  (_x, dy, y) => mul(dy, minimum(add(y, 1), 1)),
  (e, node, [x]) => {
    if (e.real === 'float32') return e.node('Elu', [x!], node);
    const below = e.node('Exp', [e.node('Min', [x!, e.constant(0)], node)], node);
    return e.node('Add', [e.node('Relu', [x!], node), e.node('Sub', [below, e.constant(1)], node)], node);
  },
);
export const sigmoid = unary(
  'sigmoid',
  'Sigmoid',
  (tf) => tf.sigmoid,
  (_x, dy, y) => mul(dy, sub(y, mul(y, y))),
);
export const tanh = unary(
  'tanh',
  'Tanh',
  (tf) => tf.tanh,
  (_x, dy, y) => sub(dy, mul(dy, mul(y, y))),
);

/** log(1 + eˣ) without overflow. ONNX Runtime has no float64 kernel of its own for it. */
export const softplus = unary(
  'softplus',
  'Softplus',
  (tf) => tf.softplus,
  (x, dy) => mul(dy, sigmoid(x)),
  (e, node, [x]) => {
    if (e.real === 'float32') return e.node('Softplus', [x!], node);
    const tail = e.node('Exp', [e.node('Neg', [e.node('Abs', [x!], node)], node)], node);
    const log1p = e.node('Log', [e.node('Add', [tail, e.constant(1)], node)], node);
    return e.node('Add', [e.node('Relu', [x!], node), log1p], node);
  },
);

/** Gauss error function. Float32 inside: ONNX Runtime has no other kernel. */
export const erf = unary(
  'erf',
  'Erf',
  (tf) => tf.erf,
  (x, dy) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  (e, node, [x]) => {
    if (e.real === 'float32') return e.node('Erf', [x!], node);
    const single = e.node('Cast', [x!], { shape: node.shape, type: 'float32' }, { to: attr.type('float32') });
    const y = e.node('Erf', [single], { shape: node.shape, type: 'float32' });
    return e.node('Cast', [y], node, { to: attr.type('float64') });
  },
);

/** The value, but nothing flows back. */
export const stopGradient = unary(
  'stopGradient',
  'Identity',
  (tf) => tf.clone,
  () => undefined,
);

/** x Φ(x), with the normal distribution function itself and not its tanh approximation. */
export const gelu = (x: Tensor): Tensor => mul(x, mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5));
