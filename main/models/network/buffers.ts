import * as ort from 'onnxruntime-node';
import type { Rng } from '../../kernels/rng.ts';
import { initialWeights } from './initializers.ts';
import type { Slot } from './forward.ts';
import { sizeOf, type RunningSlot } from './stepProgram.ts';

/**
 * What training changes: plain arrays that the native graph reads and writes in place, so that nothing is copied between
 * steps. Everything here together with the number of epochs done is what a checkpoint holds.
 */
export interface NetworkState {
  /** All parameters, slot after slot. */
  readonly theta: Float32Array;
  /** Moving averages of the optimiser, as long as theta each. */
  readonly averages: readonly Float32Array[];
  /** Running statistics of batch normalisation. */
  readonly running: Float32Array;
}

/** A network as it begins: each array from a stream of its own, so that one layer's change leaves the others as they were. */
export function initialState(
  slots: readonly Slot[],
  running: readonly RunningSlot[],
  nAverages: number,
  rng: Rng,
): NetworkState {
  const size = slots.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const theta = new Float32Array(size);
  let at = 0;
  for (const { name, shape, start } of slots) {
    const piece = theta.subarray(at, (at += sizeOf(shape)));
    if (start === 'ones') piece.fill(1);
    else if (start !== 'zeros') {
      const { initializer, activation, std } = start;
      piece.set(initialWeights(initializer, shape[0]!, shape[1]!, activation, rng.fork(name), std));
    }
  }
  const averages = Array.from({ length: nAverages }, () => new Float32Array(size));
  const stats = new Float32Array(running.reduce((sum, { units }) => sum + units, 0));
  let from = 0;
  for (const { units, start } of running) stats.fill(start, from, (from += units));
  return { theta, averages, running: stats };
}

/** Views of an array as long as theta, one a trainable array: the graph's inputs p0, p1 … or its outputs g0, g1 … */
export function pieceTensors(
  flat: Float32Array,
  slots: readonly { readonly shape: readonly number[] }[],
  prefix: 'p' | 'g' = 'p',
): Record<string, ort.Tensor> {
  let at = 0;
  return Object.fromEntries(
    slots.map(({ shape }, k) => [
      `${prefix}${k}`,
      new ort.Tensor('float32', flat.subarray(at, (at += sizeOf(shape))), shape),
    ]),
  );
}
