import type { OnnxAttribute, OnnxGraph, OnnxValue } from '../onnxGraph.ts';
import { attr, formatShape, type Dim, type Emitter, type Op, type Shape, type Tensor } from '../program.ts';
import { reshape } from './shape.ts';

function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  for (const axis of axes) {
    if (!(axis >= 0 && axis < shape.length))
      throw new RangeError(`reduce: there is no axis ${axis} in ${shape.length}`);
  }
  return keepDims ? shape.map((dim, i) => (axes.includes(i) ? 1 : dim)) : shape.filter((_, i) => !axes.includes(i));
}

/** Makes a reduction over axes from its ONNX and TensorFlow.js names. */
export function reducer(
  name: string,
  onnx: string,
  tfName: 'sum' | 'max',
  gradient: NonNullable<Op['gradient']>,
  special?: (...args: Parameters<Op['emit']>) => OnnxValue | undefined,
) {
  const op: Op = {
    name,
    emit: (e, node, [x]) => {
      const own = special?.(e, node, [x!]);
      if (own) return own;
      const axes = node.attributes['axes'] as readonly number[];
      return e.node(onnx, [x!, e.ints(axes)], node, { keepdims: attr.int(Number(node.attributes['keepDims'])) });
    },
    evaluate: (tf, node, [x]) =>
      tf[tfName](x!, [...(node.attributes['axes'] as readonly number[])], node.attributes['keepDims'] as boolean),
    gradient,
  };
  return (x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i), keepDims = false): Tensor => ({
    op,
    inputs: [x],
    attributes: { axes, keepDims },
    shape: reduced(x.shape, axes, keepDims),
    type: x.type,
  });
}

/** A reduced value with its axes of size 1 put back. */
export const restored = (node: Tensor, value: Tensor): Tensor =>
  reshape(value, reduced(node.inputs[0]!.shape, node.attributes['axes'] as readonly number[], true));

const onesOf = new WeakMap<OnnxGraph, Map<string, OnnxValue>>();

function makeOnes(e: Emitter, x: OnnxValue, n: Dim, isKept: boolean): OnnxValue {
  const rows = e.node('Shape', [x], { shape: [1], type: 'int64' }, { start: attr.int(0), end: attr.int(1) });
  const size = isKept
    ? e.node('Concat', [e.ints([1]), rows], { shape: [2], type: 'int64' }, { axis: attr.int(0) })
    : rows;
  const one: OnnxAttribute = { kind: 'tensor', value: { type: e.real, shape: [1], data: [1] } };
  return e.node('ConstantOfShape', [size], { shape: isKept ? [1, n] : [n] }, { value: one });
}

/** Sums of a matrix's columns as 1ᵀ X: several times faster in ONNX Runtime than its reduction over the first axis. */
function columnSums(e: Emitter, node: Tensor, [x]: readonly OnnxValue[]): OnnxValue | undefined {
  const axes = node.attributes['axes'] as readonly number[];
  if (node.inputs[0]!.shape.length !== 2 || axes.length !== 1 || axes[0] !== 0 || node.type !== 'real')
    return undefined;
  const isKept = node.attributes['keepDims'] === true;
  const n = node.inputs[0]!.shape[0]!;
  // Every size of one name is the same number in a graph, so all sums over it share their ones.
  const key = `${e.real} ${n} ${isKept}`;
  const known = onesOf.get(e.graph) ?? new Map<string, OnnxValue>();
  onesOf.set(e.graph, known);
  const ones = known.get(key) ?? makeOnes(e, x!, n, isKept);
  known.set(key, ones);
  return e.node('MatMul', [ones, x!], node);
}

/** Sum over `axes`, all of them when left out. */
export const sum = reducer(
  'sum',
  'ReduceSum',
  'sum',
  (node, dy) => [broadcastLike(restored(node, dy), node.inputs[0]!)],
  columnSums,
);

/** Shape of an elementwise result. Throws RangeError naming the operation and both shapes. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const at = (shape: Shape, i: number): Dim => shape[i - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [at(a, i), at(b, i)];
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new RangeError(`${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not fit together`);
  });
}

export const isSameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => dim === b[i]);

/** `x` summed over the axes along which a value of `shape` was repeated: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (isSameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1));
  const summed = axes.length === 0 ? x : sum(x, axes, true);
  return isSameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}

const broadcastLikeOp: Op = {
  name: 'broadcastLike',
  emit: (e, node, [x, like]) => {
    const shape = e.node('Shape', [like!], { type: 'int64', shape: [node.shape.length] });
    return e.node('Expand', [x!, shape], node);
  },
  evaluate: (tf, _, [x, like]) => tf.broadcastTo(x!, like!.shape as [number]),
  gradient: (node, dy) => [sumTo(dy, node.inputs[0]!.shape), undefined],
};

/**
 * What stands in for `x` beside `other` in an elementwise operation: a repeated value need not be repeated where the
 * operation broadcasts by itself.
 */
export function unrepeated(x: Tensor, other: Tensor): Tensor {
  if (x.op !== broadcastLikeOp) return x;
  return isSameShape(x.shape, other.shape) && other.op !== broadcastLikeOp ? x.inputs[0]! : x;
}

/** `x` repeated to the shape of `like`. */
export function broadcastLike(x: Tensor, like: Tensor): Tensor {
  if (isSameShape(x.shape, like.shape)) return x;
  broadcastShapes('broadcastLike', x.shape, like.shape);
  return { op: broadcastLikeOp, inputs: [x, like], attributes: {}, shape: like.shape, type: x.type };
}
