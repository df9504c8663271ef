import type { Slot } from './forward.ts';
import { sizeOf } from './stepProgram.ts';
import type { ProbeResult } from './stepper.ts';

/** How one layer learned in one epoch, seen at its last step. */
export interface LayerHealth {
  readonly layer: string;
  /** Euclidean norm of the layer's gradient. */
  readonly gradientNorm: number;
  /** The same per parameter, so that layers of different size compare. */
  readonly gradientRms: number;
  /** ‖change of the step‖ / ‖weights before‖; about 1e-3 is healthy. */
  readonly updateRatio: number;
  /** Share of dead (relu) or saturated (sigmoid, tanh) units; null for other layers. */
  readonly idleShare: number | null;
}

/** @param before theta before the probe's step  @param after and after it */
export function layerHealth(
  slots: readonly Slot[],
  before: Float32Array,
  after: Float32Array,
  { gradient, shares }: ProbeResult,
): LayerHealth[] {
  const sums = new Map<string, { gradient: number; weight: number; update: number; count: number }>();
  let at = 0;
  for (const { layer, shape } of slots) {
    const sum = sums.get(layer) ?? { gradient: 0, weight: 0, update: 0, count: 0 };
    sums.set(layer, sum);
    const to = at + sizeOf(shape);
    sum.count += to - at;
    for (; at < to; at++) {
      sum.gradient += gradient[at]! ** 2;
      sum.weight += before[at]! ** 2;
      sum.update += (after[at]! - before[at]!) ** 2;
    }
  }
  return [...sums].map(([layer, sum]) => ({
    layer,
    gradientNorm: Math.sqrt(sum.gradient),
    gradientRms: Math.sqrt(sum.gradient / sum.count),
    updateRatio: sum.weight > 0 ? Math.sqrt(sum.update / sum.weight) : 0,
    idleShare: shares[layer] ?? null,
  }));
}
