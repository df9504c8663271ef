import { attr, formatShape, type Op, type Tensor } from '../program.ts';
import { broadcastLike, sum } from './sum.ts';
import { exp, mul, sub } from './elementwise.ts';

const logSoftmaxOp: Op = {
  name: 'logSoftmax',
  emit: (e, node, [x]) => e.node('LogSoftmax', [x!], node, { axis: attr.int(1) }),
  evaluate: (tf, _, [x]) => tf.logSoftmax(x!, 1),
  gradient: (node, dy) => [sub(dy, mul(exp(node), broadcastLike(sum(dy, [1], true), node)))],
};

/** log softmax(x) over the columns of a matrix. */
export function logSoftmax(x: Tensor): Tensor {
  if (x.shape.length !== 2) throw new RangeError(`logSoftmax: ${formatShape(x.shape)} is not a matrix`);
  return { op: logSoftmaxOp, inputs: [x], attributes: {}, shape: x.shape, type: 'real' };
}

const gatherOp: Op = {
  name: 'gather',
  emit: (e, node, [x, rows]) => e.node('Gather', [x!, rows!], node, { axis: attr.int(0) }),
  evaluate: (tf, _, [x, rows]) => tf.gather(x!, tf.cast(rows!, 'int32') as never, 0),
};

/** Rows of `x` named by `rows`, int32 of shape (k,). Nothing flows back: it picks data, not parameters. */
export function gather(x: Tensor, rows: Tensor): Tensor {
  if (rows.shape.length !== 1 || rows.type !== 'int32')
    throw new RangeError('gather: rows must be int32 of shape (k,)');
  return {
    op: gatherOp,
    inputs: [x, rows],
    attributes: {},
    shape: [rows.shape[0]!, ...x.shape.slice(1)],
    type: x.type,
  };
}

const windowOp: Op = {
  name: 'window',
  emit: (e, node, [pool, start, like]) => {
    const units = node.shape[1] as number;
    const rows = e.node('Shape', [like!], { shape: [1], type: 'int64' }, { start: attr.int(0), end: attr.int(1) });
    const size = e.node('Mul', [rows, e.ints([units])], { shape: [1], type: 'int64' });
    const from = e.node('Cast', [start!], { shape: [1], type: 'int64' }, { to: attr.type('int64') });
    const to = e.node('Add', [from, size], { shape: [1], type: 'int64' });
    const flat = e.node('Slice', [pool!, from, to], { shape: ['k'] });
    return e.node('Reshape', [flat, e.ints([-1, units])], node);
  },
  evaluate: (tf, node, [pool, start, like]) => {
    const [n, units] = [like!.shape[0]!, node.shape[1] as number];
    return tf.reshape(tf.slice(pool!, [start!.dataSync()[0]!], [n * units]), [n, units]);
  },
};

/**
 * (n, units) consecutive values of `pool`, shape (size,), from position `start`, int32 of shape (1,); n as in `like`.
 * Random numbers for dropout: a stretch of a seeded pool costs a copy, and the same start gives the same mask everywhere.
 */
export function window(pool: Tensor, start: Tensor, like: Tensor, units: number): Tensor {
  return { op: windowOp, inputs: [pool, start, like], attributes: {}, shape: [like.shape[0]!, units], type: 'real' };
}
