import { broadcastLike, reducer, restored } from './sum.ts';
import { equal, mul } from './elementwise.ts';

/** Largest value over `axes`; equal largest values all get the gradient. */
export const max = reducer('max', 'ReduceMax', 'max', (node, dy) => {
  const x = node.inputs[0]!;
  return [mul(broadcastLike(restored(node, dy), x), equal(x, restored(node, node)))];
});
