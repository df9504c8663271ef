import { elu, exp, gelu, leakyRelu, relu, sigmoid, tanh } from '../../tensor/ops/elementwise.ts';
import { logSoftmax } from '../../tensor/ops/rows.ts';
import type { Tensor } from '../../tensor/program.ts';

export const activationNames = ['linear', 'relu', 'leakyRelu', 'elu', 'gelu', 'sigmoid', 'tanh', 'softmax'] as const;
export type Activation = (typeof activationNames)[number];

const functions: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  linear: (x) => x,
  relu,
  leakyRelu,
  elu,
  gelu,
  sigmoid,
  tanh,
  softmax: (x) => exp(logSoftmax(x)),
};

/** The activation of each value; softmax over the columns. */
export const activate = (name: Activation, x: Tensor): Tensor => functions[name](x);

/** Activations that flatten at both ends: many in a row let no gradient through. */
export const isSaturating = (name: Activation): boolean => name === 'sigmoid' || name === 'tanh' || name === 'softmax';
