import type * as Tf from '@tensorflow/tfjs';
import { dataTypeCode } from './encode.ts';
import type { OnnxAttribute, OnnxGraph, OnnxType, OnnxValue } from './onnxGraph.ts';

/** A size, or the name of one that is known only when rows arrive (`n`). */
export type Dim = number | string;
export type Shape = readonly Dim[];
/** `real` is float32 or float64, whichever the program is emitted in. */
export type ElementType = 'real' | 'int32';
export type Attributes = Readonly<Record<string, number | readonly number[] | Shape | boolean>>;

/** How ONNX nodes for one operation are made. */
export interface Emitter {
  readonly graph: OnnxGraph;
  readonly real: 'float32' | 'float64';
  /** Appends a node whose value has the type and shape of `like` unless said otherwise. */
  node(
    op: string,
    inputs: readonly OnnxValue[],
    like: { readonly shape: Shape; readonly type?: ElementType | OnnxType },
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): OnnxValue;
  /** A real constant, shape () unless given. */
  constant(values: ArrayLike<number> | number, shape?: readonly number[]): OnnxValue;
  /** An int64 constant of shape (values.length,). */
  ints(values: readonly number[]): OnnxValue;
}

/** One operation: its ONNX form, its TensorFlow.js form and its derivative. */
export interface Op {
  readonly name: string;
  readonly emit: (e: Emitter, node: Tensor, inputs: readonly OnnxValue[]) => OnnxValue;
  readonly evaluate: (tf: typeof Tf, node: Tensor, inputs: readonly Tf.Tensor[]) => Tf.Tensor;
  /** One entry per input; undefined where nothing flows back. Left out: nothing flows back at all. */
  readonly gradient?: (node: Tensor, dy: Tensor) => readonly (Tensor | undefined)[];
}

/** A value of a program: plain data, made by the functions in ./ops. */
export interface Tensor {
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly type: ElementType;
  /** Of inputs only. */
  readonly name?: string;
  /** Of constants only. */
  readonly values?: Float64Array;
}

const leaf = (name: string): Op => ({
  name,
  emit: () => {
    throw new Error(`${name} has no node`);
  },
  evaluate: () => {
    throw new Error(`${name} has no node`);
  },
});
export const inputOp = leaf('input');
export const constantOp = leaf('constant');

/** A value fed at each run. */
export function input(name: string, shape: Shape, type: ElementType = 'real'): Tensor {
  return { op: inputOp, inputs: [], attributes: {}, shape, type, name };
}

/** A value stored in the program. Throws RangeError when `values` does not fill `shape`. */
export function constant(values: ArrayLike<number> | number, shape: readonly number[] = []): Tensor {
  const data = typeof values === 'number' ? Float64Array.of(values) : Float64Array.from(values);
  if (data.length !== shape.reduce((a, b) => a * b, 1)) {
    throw new RangeError(`constant: ${data.length} values do not fill ${formatShape(shape)}`);
  }
  return { op: constantOp, inputs: [], attributes: {}, shape, type: 'real', values: data };
}

export const formatShape = (shape: Shape): string => `(${shape.join(', ')})`;

/** All tensors that `outputs` need, inputs of a node before it. */
export function topological(outputs: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // A stack of our own: deep networks with unrolled steps would overflow the engine's.
  const stack = outputs.toReversed().map((tensor) => ({ tensor, isDone: false }));
  while (stack.length > 0) {
    const { tensor, isDone } = stack.pop()!;
    if (isDone) {
      order.push(tensor);
      continue;
    }
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    stack.push({ tensor, isDone: true });
    for (const parent of tensor.inputs.toReversed())
      if (!seen.has(parent)) stack.push({ tensor: parent, isDone: false });
  }
  return order;
}

/** What a program computes: named outputs. Its inputs are found by following them. */
export interface Program {
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** The program's inputs by name. Throws RangeError when two inputs share one. */
export function inputsOf({ outputs }: Program): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const tensor of topological(Object.values(outputs))) {
    if (tensor.op !== inputOp) continue;
    if (found.has(tensor.name!)) throw new RangeError(`Program: two inputs are called ${tensor.name}`);
    found.set(tensor.name!, tensor);
  }
  return found;
}

/**
 * Appends the nodes that compute `tensor` to `graph`.
 * @param known values that stand for tensors already in the graph, at least for every input; added to
 */
export function emit(
  graph: OnnxGraph,
  tensor: Tensor,
  known: Map<Tensor, OnnxValue>,
  real: 'float32' | 'float64',
): OnnxValue {
  const typeOf = (type: ElementType | OnnxType | undefined): OnnxType =>
    type === undefined || type === 'real' ? real : type;
  const e: Emitter = {
    graph,
    real,
    node: (op, inputs, like, attributes = {}) =>
      graph.node(op, inputs, { type: typeOf(like.type), shape: like.shape }, attributes),
    constant: (values, shape = []) =>
      graph.constant({ type: real, shape, data: typeof values === 'number' ? [values] : values }),
    ints: (values) => graph.constant({ type: 'int64', shape: [values.length], data: values }, 'ints'),
  };
  for (const node of topological([tensor])) {
    if (known.has(node)) continue;
    if (node.op === inputOp) throw new RangeError(`emit: input ${node.name} has no value`);
    const value =
      node.op === constantOp
        ? graph.constant({ type: real, shape: node.shape as readonly number[], data: node.values! })
        : node.op.emit(
            e,
            node,
            node.inputs.map((parent) => known.get(parent)!),
          );
    known.set(node, value);
  }
  return known.get(tensor)!;
}

/** Attribute shorthands of emitters. */
export const attr = {
  int: (value: number): OnnxAttribute => ({ kind: 'int', value }),
  ints: (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value }),
  float: (value: number): OnnxAttribute => ({ kind: 'float', value }),
  type: (value: OnnxType): OnnxAttribute => ({ kind: 'int', value: dataTypeCode[value] }),
};
