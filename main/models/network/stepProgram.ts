import { gradients } from '../../tensor/gradients.ts';
import { abs, add, div, equal, greater, maximum, minimum, mul, sqrt, sub } from '../../tensor/ops/elementwise.ts';
import { crossEntropy, logLoss } from '../../tensor/ops/loss.ts';
import { gather, window } from '../../tensor/ops/rows.ts';
import { concat, reshape, slice } from '../../tensor/ops/shape.ts';
import { broadcastLike, sum } from '../../tensor/ops/sum.ts';
import { max } from '../../tensor/ops/max.ts';
import { constant, input, type Program, type Tensor } from '../../tensor/program.ts';
import type { Activation } from './activations.ts';
import { forward, type Network, type Slot } from './forward.ts';
import { optimizerStep, slotCount, type OptimizerOptions } from './optimizers.ts';

/** What the last layer's numbers mean, and so which loss fits. */
export type Head = 'binary' | 'multiclass' | 'regression';

export interface StepOptions {
  readonly network: Network;
  readonly head: Head;
  readonly optimizer: OptimizerOptions;
  readonly clipNorm: number | null;
  readonly clipValue: number | null;
  /** Whether rows have weights other than 1. */
  readonly isWeighted: boolean;
  /**
   * The graph ends with the gradient, an output g0, g1 … per trainable array, and whoever runs it takes the step
   * (./fusedOptimizer.ts): faster where the state lies in this process's memory. Otherwise clipping and optimiser are in it.
   */
  readonly isGradientOnly: boolean;
  /** Also give the gradient, and per activation the share of units that are dead or saturated. */
  readonly isProbe: boolean;
}

/** Running statistics of one layer within the vector of all of them. */
export interface RunningSlot {
  readonly name: string;
  readonly units: number;
  readonly start: number;
}

/** An activation that is watched: its output in a probe is named `share.<layer>`. */
export interface Watched {
  readonly layer: string;
  readonly activation: Activation;
}

/**
 * Forward pass, loss, backward pass and optimiser as one program.
 * Inputs: X (N, nInputs), y (N, 1), w (N, 1), rows (b,); perRow = 1 / b; theta (P,) and its pieces p0, p1 … (views of the
 * same memory, so that nothing is cut up in the graph); s0, s1 (P,) of the optimiser; running (R,); pool and starts for
 * dropout; rate, epsilon, keep. Inputs a network has no use for are missing.
 * Outputs: theta.next, s0.next, s1.next (or g0, g1 …), running.next; loss = Σ w ℓ / b of the batch before it;
 * gradient (P,) of a probe.
 */
export interface StepProgram {
  readonly program: Program;
  readonly slots: readonly Slot[];
  readonly running: readonly RunningSlot[];
  readonly watched: readonly Watched[];
  /** Values each dropout layer draws per row. */
  readonly dropped: readonly number[];
}

/** The output that replaces the input `name`. */
export const next = (name: string): string => `${name}.next`;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

export function stepProgram(options: StepOptions): StepProgram {
  const { network, head, isProbe } = options;
  const slots: Slot[] = [];
  const pieces: Tensor[] = [];
  const runningSlots: RunningSlot[] = [];
  const dropped: number[] = [];
  const watched: (Watched & { readonly output: Tensor })[] = [];
  const updates = new Map<string, Tensor>();
  const rows = input('rows', ['b'], 'int32');
  const take = (name: string, columns: number) => gather(input(name, ['N', columns]), rows);
  const [x, y] = [take('X', network.nInputs), take('y', 1)];
  const w = options.isWeighted ? take('w', 1) : broadcastLike(constant(1, [1, 1]), y);
  const total = countRunning(network);
  const running = input('running', [total]);
  const pool = input('pool', ['pool']);
  const starts = input('starts', [Math.max(1, countDropout(network))], 'int32');
  let at = 0;
  const out = forward(network, x, {
    parameter: (slot) => {
      slots.push(slot);
      const piece = input(`p${pieces.length}`, slot.shape);
      pieces.push(piece);
      return piece;
    },
    running: (name, units, start) => {
      runningSlots.push({ name, units, start });
      at += units;
      return slice(running, 0, at - units, at);
    },
    training: {
      rowWeight: w,
      drop: (value, rate) => {
        const units = value.shape[1] as number;
        const start = slice(starts, 0, dropped.length, dropped.length + 1);
        dropped.push(units);
        return mul(value, mul(greater(window(pool, start, value, units), rate), 1 / (1 - rate)));
      },
      update: (name, value) => updates.set(name, value),
    },
    observe: (layer, activation, output) => {
      if (isWatched(activation)) watched.push({ layer, activation, output });
    },
  });
  const losses = rowLoss(head, out, y);
  const loss = mul(sum(options.isWeighted ? mul(losses, w) : losses), input('perRow', [1]));
  const objective = pieces.reduce((value, piece, k) => penalised(value, piece, slots[k]!), loss);
  const parts = gradients(objective, pieces);
  const outputs: Record<string, Tensor> = { loss };
  if (options.isGradientOnly) parts.forEach((g, k) => (outputs[`g${k}`] = g));
  else addUpdate(outputs, parts, options);
  if (total > 0)
    outputs[next('running')] = concat(
      runningSlots.map(({ name }) => updates.get(name)!),
      0,
    );
  if (isProbe) {
    if (!options.isGradientOnly) outputs['gradient'] = flattened(parts);
    for (const { layer, activation, output } of watched) outputs[`share.${layer}`] = unitShare(activation, output);
  }
  return {
    program: { outputs },
    slots,
    running: runningSlots,
    watched: watched.map(({ layer, activation }) => ({ layer, activation })),
    dropped,
  };
}

const flattened = (parts: readonly Tensor[]): Tensor =>
  concat(
    parts.map((g) => reshape(g, [sizeOf(g.shape as number[])])),
    0,
  );

/** Clipping and the optimiser's step, from the gradient of each trainable array. */
function addUpdate(outputs: Record<string, Tensor>, parts: readonly Tensor[], options: StepOptions): void {
  const gradient = clipped(flattened(parts), options);
  const size = gradient.shape[0]!;
  const before = Array.from({ length: slotCount(options.optimizer) }, (_, k) => input(`s${k}`, [size]));
  const after = optimizerStep(options.optimizer, input('theta', [size]), gradient, before);
  outputs[next('theta')] = after.theta;
  after.slots.forEach((slot, k) => (outputs[next(`s${k}`)] = slot));
}

/** Losses row by row, shape (b, 1): log loss of two or several classes, or squared error. */
function rowLoss(head: Head, out: Tensor, y: Tensor): Tensor {
  if (head === 'binary') return logLoss(out, y);
  if (head === 'regression') return mul(sub(out, y), sub(out, y));
  const nClasses = out.shape[1] as number;
  const classes = constant(
    Array.from({ length: nClasses }, (_, k) => k),
    [1, nClasses],
  );
  return crossEntropy(out, equal(y, classes));
}

/** Keras's penalties: l1 Σ|w| + l2 Σw², of weights only. */
function penalised(value: Tensor, piece: Tensor, { l1, l2 }: Slot): Tensor {
  let out = value;
  if (l1 > 0) out = add(out, mul(sum(abs(piece)), l1));
  if (l2 > 0) out = add(out, mul(sum(mul(piece, piece)), l2));
  return out;
}

/** Clipped by value, then by the norm of the whole gradient (Pascanu et al. 2013). */
function clipped(gradient: Tensor, { clipNorm, clipValue }: StepOptions): Tensor {
  let g = gradient;
  if (clipValue !== null) g = maximum(minimum(g, clipValue), -clipValue);
  if (clipNorm === null) return g;
  const norm = sqrt(sum(mul(g, g)));
  return mul(g, minimum(div(constant(clipNorm), add(norm, 1e-6)), 1));
}

/** Only these can die (relu) or saturate. */
const isWatched = (activation: Activation): boolean => ['relu', 'sigmoid', 'tanh'].includes(activation);

/** Share of units that give 0 for every row (relu), or of values near an end (sigmoid, tanh); shape (1,). */
function unitShare(activation: Activation, output: Tensor): Tensor {
  const mean = (values: Tensor) => mul(sum(values, [1]), 1 / (output.shape[1] as number));
  if (activation === 'relu') return mean(sub(constant(1, [1, 1]), greater(max(output, [0], true), 0)));
  const [middle, reach] = activation === 'tanh' ? [0, 0.97] : [0.5, 0.485];
  const isAtEnd = greater(abs(sub(output, middle)), reach);
  const perUnit = sum(isAtEnd, [0], true);
  return mean(div(perUnit, sum(broadcastLike(constant(1, [1, 1]), output), [0], true)));
}

const widthSum = (layers: Network['layers'], type: string): number => layers.filter((l) => l.type === type).length;
const countDropout = (network: Network): number => widthSum(network.layers, 'dropout');

/** Values all running statistics have together. */
function countRunning(network: Network): number {
  let total = 0;
  forward(network, input('x', ['n', network.nInputs]), {
    parameter: (slot) => input(slot.name, slot.shape),
    running: (name, units) => {
      total += units;
      return input(name, [units]);
    },
  });
  return total;
}
