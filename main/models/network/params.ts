import type { ParamSpec } from '../../contract/config.ts';
import { classWeightSpec } from '../linear/params.ts';
import type { Activation } from './activations.ts';
import { activationNames } from './activations.ts';
import { initializerNames, type Initializer } from './initializers.ts';
import { optimizerNames, type OptimizerOptions } from './optimizers.ts';
import { scheduleNames, type ScheduleOptions } from './schedules.ts';

export interface NetworkParams extends OptimizerOptions, ScheduleOptions {
  readonly layers: readonly unknown[];
  readonly activation: Activation;
  readonly initializer: Initializer;
  readonly epochs: number;
  readonly batchSize: number | null;
  readonly l1: number;
  readonly l2: number;
  readonly clipNorm: number | null;
  readonly clipValue: number | null;
  readonly earlyStopping: boolean;
  readonly patience: number;
  readonly minDelta: number;
  readonly validationFraction: number;
}

type Extra = Partial<ParamSpec>;
const number = (name: string, label: string, value: number | null, help: string, extra: Extra = {}): ParamSpec => ({
  name,
  kind: 'number',
  label,
  default: value,
  help,
  min: 0,
  ...(value === null && { isNullable: true }),
  ...extra,
});
const choice = (
  name: string,
  label: string,
  value: string,
  choices: readonly string[],
  help: string,
  extra: Extra = {},
) =>
  ({ name, kind: 'choice', label, default: value, choices: [...choices], help, ...extra }) as const satisfies ParamSpec;
const flag = (name: string, label: string, value: boolean, help: string, extra: Extra = {}): ParamSpec => ({
  name,
  kind: 'boolean',
  label,
  default: value,
  help,
  ...extra,
});
const above0 = { isExclusiveMin: true } as const;
const more = { isAdvanced: true } as const;
const whole = { kind: 'integer', min: 1 } as const;

/** Defaults are those of Keras and scikit-learn; where these differ or suit small tables badly, `help` says what we take. */
export const networkParamSpecs: readonly ParamSpec[] = [
  {
    name: 'layers',
    kind: 'layers',
    label: 'Layers',
    default: [64, 32],
    help: 'From the features to the answer. A number is a dense layer of that many units; the last layer follows from the task.',
  },
  choice('activation', 'Activation', 'relu', activationNames, 'Of layers that do not name their own.'),
  choice(
    'optimizer',
    'Optimiser',
    'adam',
    optimizerNames,
    'adam suits most tables; sgd needs a learning rate of about 0.01.',
  ),
  number('learningRate', 'Learning rate', 0.001, 'Length of a step. Divide it by 10 when the loss jumps.', {
    ...above0,
    isLog: true,
  }),
  number('epochs', 'Epochs', 100, 'Passes over the rows at most; early stopping may end sooner.', whole),
  number('batchSize', 'Batch size', null, 'Rows per step. Left out: about 30 steps an epoch, 16 to 256 rows.', {
    ...whole,
    unit: 'rows',
  }),
  flag(
    'earlyStopping',
    'Stop early',
    true,
    'End when the loss on held-out training rows stops falling, and keep the best epoch.',
  ),
  number('patience', 'Patience', 10, 'Epochs without progress before stopping.', { ...whole, unit: 'epochs' }),
  number('l2', 'L2', 0, 'Adds l2 · Σ weights² to the loss, as in Keras. A layer may have its own.', { isLog: true }),
  number('l1', 'L1', 0, 'Adds l1 · Σ |weights| to the loss. A layer may have its own.', { ...more, isLog: true }),
  choice('schedule', 'Schedule', 'constant', scheduleNames, 'How the learning rate changes while training.'),
  number('dropEvery', 'Drop after', 10, 'Epochs between drops (step) or without progress before one (plateau).', {
    ...whole,
    ...more,
    unit: 'epochs',
  }),
  number('dropFactor', 'Drop factor', 0.1, 'What a drop multiplies the learning rate by.', {
    ...more,
    ...above0,
    max: 1,
  }),
  number(
    'clipNorm',
    'Clip by norm',
    null,
    'Gradients longer than this are shortened to it. 1 is a usual value.',
    above0,
  ),
  number('clipValue', 'Clip by value', null, 'Every entry of the gradient is cut at ± this.', { ...more, ...above0 }),
  choice(
    'initializer',
    'Initialisation',
    'auto',
    initializerNames,
    'auto: He for relu and its relatives, Glorot for the others.',
    more,
  ),
  classWeightSpec,
  number('momentum', 'Momentum', 0.9, 'sgd only.', { ...more, max: 1 }),
  flag('nesterov', 'Nesterov', true, 'sgd only: look ahead along the momentum.', more),
  number(
    'weightDecay',
    'Weight decay',
    0.01,
    'adamW only: share of the learning rate weights shrink by in a step.',
    more,
  ),
  number('beta1', 'β₁', 0.9, 'adam: decay of the mean of gradients.', { ...more, max: 0.9999 }),
  number('beta2', 'β₂', 0.999, 'adam: decay of the mean of squared gradients.', { ...more, max: 0.999999 }),
  number('rho', 'ρ', 0.9, 'rmsprop: decay of the mean of squared gradients.', { ...more, max: 0.999999 }),
  number('epsilon', 'ε', 1e-8, 'Keeps divisions by small averages finite.', { ...more, ...above0, isLog: true }),
  number('minDelta', 'Least progress', 1e-4, 'Share by which the loss must fall to count as progress.', more),
  number(
    'validationFraction',
    'Held-out share',
    0.1,
    'Share of the training rows held out for early stopping and the plateau schedule.',
    {
      ...more,
      max: 0.9,
    },
  ),
];
