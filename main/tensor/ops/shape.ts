import { attr, formatShape, type Op, type Shape, type Tensor } from '../program.ts';

const reshapeOp: Op = {
  name: 'reshape',
  emit: (e, node, [x]) => {
    // One size may be unknown: −1 lets the runtime find it.
    const sizes = node.shape.map((dim) => (typeof dim === 'number' ? dim : -1));
    return e.node('Reshape', [x!, e.ints(sizes)], node);
  },
  evaluate: (tf, node, [x]) =>
    tf.reshape(
      x!,
      node.shape.map((dim) => (typeof dim === 'number' ? dim : -1)),
    ),
  gradient: (node, dy) => [reshape(dy, node.inputs[0]!.shape)],
};

/** The same values in another shape; at most one size may be a name. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const size = (s: Shape) => s.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
  const names = (s: Shape) => s.filter((dim) => typeof dim === 'string').join();
  if (size(x.shape) !== size(shape) || names(x.shape) !== names(shape)) {
    throw new RangeError(`reshape: ${formatShape(x.shape)} does not fit into ${formatShape(shape)}`);
  }
  if (x.shape.length === shape.length && x.shape.every((dim, i) => dim === shape[i])) return x;
  return { op: reshapeOp, inputs: [x], attributes: {}, shape, type: x.type };
}

const concatOp: Op = {
  name: 'concat',
  emit: (e, node, inputs) => e.node('Concat', inputs, node, { axis: attr.int(node.attributes['axis'] as number) }),
  evaluate: (tf, node, inputs) => tf.concat([...inputs], node.attributes['axis'] as number),
  gradient: (node, dy) => {
    const axis = node.attributes['axis'] as number;
    let from = 0;
    return node.inputs.map((part) => {
      const start = from;
      from += part.shape[axis] as number;
      return slice(dy, axis, start, from);
    });
  },
};

/** Tensors one after the other along `axis`, which must have known sizes. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 1) return parts[0]!;
  const first = parts[0]!.shape;
  let total = 0;
  for (const { shape } of parts) {
    const size = shape[axis];
    const isFit = shape.length === first.length && shape.every((dim, i) => i === axis || dim === first[i]);
    if (!isFit || typeof size !== 'number') {
      throw new RangeError(`concat: ${formatShape(shape)} does not fit ${formatShape(first)} along axis ${axis}`);
    }
    total += size;
  }
  const shape = first.map((dim, i) => (i === axis ? total : dim));
  return { op: concatOp, inputs: parts, attributes: { axis }, shape, type: parts[0]!.type };
}

const sliceOp: Op = {
  name: 'slice',
  emit: (e, node, [x]) => {
    const { axis, from, to } = node.attributes as Record<string, number>;
    return e.node('Slice', [x!, e.ints([from!]), e.ints([to!]), e.ints([axis!])], node);
  },
  evaluate: (tf, node, [x]) => {
    const { axis, from, to } = node.attributes as Record<string, number>;
    const begin = x!.shape.map((_, i) => (i === axis ? from! : 0));
    const size = x!.shape.map((dim, i) => (i === axis ? to! - from! : dim));
    return tf.slice(x!, begin, size);
  },
  gradient: (node, dy) => {
    const { axis, from, to } = node.attributes as Record<string, number>;
    return [pad(dy, axis!, from!, (node.inputs[0]!.shape[axis!] as number) - to!)];
  },
};

/** x[from, to) along `axis`. */
export function slice(x: Tensor, axis: number, from: number, to: number): Tensor {
  const size = x.shape[axis];
  if (typeof size === 'number' && !(0 <= from && from < to && to <= size)) {
    throw new RangeError(`slice: [${from}, ${to}) is not within axis ${axis} of ${formatShape(x.shape)}`);
  }
  if (from === 0 && to === size) return x;
  const shape = x.shape.map((dim, i) => (i === axis ? to - from : dim));
  return { op: sliceOp, inputs: [x], attributes: { axis, from, to }, shape, type: x.type };
}

const padOp: Op = {
  name: 'pad',
  emit: (e, node, [x]) => {
    const { axis, before, after } = node.attributes as Record<string, number>;
    const pads = [before!, after!].flatMap((n) => node.shape.map((_, i) => (i === axis ? n : 0)));
    return e.node('Pad', [x!, e.ints(pads)], node);
  },
  evaluate: (tf, node, [x]) => {
    const { axis, before, after } = node.attributes as Record<string, number>;
    return tf.pad(
      x!,
      x!.shape.map((_, i): [number, number] => (i === axis ? [before!, after!] : [0, 0])),
    );
  },
  gradient: (node, dy) => {
    const { axis, before } = node.attributes as Record<string, number>;
    return [slice(dy, axis!, before!, before! + (node.inputs[0]!.shape[axis!] as number))];
  },
};

/** Zeros before and after along `axis`. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const shape = x.shape.map((dim, i) => (i === axis ? (dim as number) + before + after : dim));
  return { op: padOp, inputs: [x], attributes: { axis, before, after }, shape, type: x.type };
}
