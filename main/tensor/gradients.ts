import { constant, formatShape, topological, type Tensor } from './program.ts';
import { add } from './ops/elementwise.ts';
import { broadcastLike } from './ops/sum.ts';

/**
 * Derivatives of the scalar `of` by each tensor in `by`, as tensors of the same program (reverse mode): one backward walk,
 * sharing what the forward pass computed. A tensor that `of` does not depend on gets zeros.
 */
export function gradients(of: Tensor, by: readonly Tensor[]): Tensor[] {
  if (of.shape.some((dim) => dim !== 1)) {
    throw new RangeError(`gradients: ${formatShape(of.shape)} is not one number`);
  }
  const order = topological([of]);
  // Only what lies between `by` and `of` needs a derivative.
  const needed = new Set<Tensor>(by);
  for (const node of order) if (node.inputs.some((parent) => needed.has(parent))) needed.add(node);
  const slopes = new Map<Tensor, Tensor>([[of, broadcastLike(constant(1), of)]]);
  for (const node of order.toReversed()) {
    const dy = slopes.get(node);
    if (!dy || !needed.has(node) || node.inputs.length === 0) continue;
    const parts = node.op.gradient?.(node, dy) ?? [];
    node.inputs.forEach((parent, i) => {
      const part = parts[i];
      if (!part || !needed.has(parent)) return;
      const before = slopes.get(parent);
      slopes.set(parent, before ? add(before, part) : part);
    });
  }
  return by.map((tensor) => slopes.get(tensor) ?? broadcastLike(constant(0), tensor));
}
