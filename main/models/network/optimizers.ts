import { add, div, mul, sqrt, sub } from '../../tensor/ops/elementwise.ts';
import { input, type Tensor } from '../../tensor/program.ts';

export const optimizerNames = ['adam', 'adamW', 'sgd', 'rmsprop'] as const;

/** Names and meanings as in PyTorch and Keras. */
export interface OptimizerOptions {
  readonly optimizer: (typeof optimizerNames)[number];
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly beta1: number;
  readonly beta2: number;
  /** Decay of RMSprop's mean square. */
  readonly rho: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface Update {
  readonly theta: Tensor;
  /** Moving averages after the step. */
  readonly slots: readonly Tensor[];
}

/** How many arrays of the size of theta an optimiser keeps. */
export function slotCount({ optimizer, momentum }: OptimizerOptions): number {
  if (optimizer === 'sgd') return momentum > 0 ? 1 : 0;
  return optimizer === 'rmsprop' ? 1 : 2;
}

/** Scalars a step is fed beside the data, shape (1,) each: see `stepScalars`. */
const scalar = (name: 'rate' | 'epsilon' | 'keep'): Tensor => input(name, [1]);

/**
 * One step on all parameters at once: a handful of passes over one long vector instead of a dozen nodes per layer.
 * Moving averages are kept without their factor (1 − β), which `stepScalars` puts into the scalars: a pass less each.
 * Adam: Kingma & Ba 2015; AdamW: Loshchilov & Hutter 2019; RMSprop: Tieleman & Hinton 2012; Nesterov as in PyTorch.
 */
export function optimizerStep(options: OptimizerOptions, theta: Tensor, g: Tensor, slots: readonly Tensor[]): Update {
  const { optimizer, momentum, nesterov, beta1, beta2, rho } = options;
  const rate = scalar('rate');
  switch (optimizer) {
    case 'sgd': {
      if (momentum === 0) return { theta: sub(theta, mul(g, rate)), slots: [] };
      const v = add(mul(slots[0]!, momentum), g);
      const step = nesterov ? add(mul(v, momentum), g) : v;
      return { theta: sub(theta, mul(step, rate)), slots: [v] };
    }
    case 'rmsprop': {
      const v = add(mul(slots[0]!, rho), mul(g, g));
      return { theta: sub(theta, mul(div(g, add(sqrt(v), scalar('epsilon'))), rate)), slots: [v] };
    }
    case 'adam':
    case 'adamW': {
      const m = add(mul(slots[0]!, beta1), g);
      const v = add(mul(slots[1]!, beta2), mul(g, g));
      const step = mul(div(m, add(sqrt(v), scalar('epsilon'))), rate);
      const kept = optimizer === 'adamW' ? mul(theta, scalar('keep')) : theta;
      return { theta: sub(kept, step), slots: [m, v] };
    }
  }
}

/** The scalars of step `t` (1 is the first) at a learning rate. */
export function stepScalars(
  { optimizer, beta1, beta2, rho, epsilon, weightDecay }: OptimizerOptions,
  learningRate: number,
  t: number,
): { readonly rate: number; readonly epsilon: number; readonly keep: number } {
  const keep = 1 - learningRate * weightDecay;
  if (optimizer === 'sgd') return { rate: learningRate, epsilon, keep };
  if (optimizer === 'rmsprop') {
    const root = Math.sqrt(1 - rho);
    return { rate: learningRate / root, epsilon: epsilon / root, keep };
  }
  // m̂ / (√v̂ + ε) with m = (1 − β₁) M and v = (1 − β₂) V.
  const root = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
  return { rate: (learningRate * ((1 - beta1) / (1 - beta1 ** t))) / root, epsilon: epsilon / root, keep };
}
