import type { FitContext } from '../estimator.ts';
import type { SessionOptions } from '../../tensor/session.ts';
import { initialState, type NetworkState } from './buffers.ts';
import { Evaluator } from './evaluator.ts';
import { FusedOptimizer } from './fusedOptimizer.ts';
import { layerHealth, type LayerHealth } from './health.ts';
import { slotCount } from './optimizers.ts';
import { Progress, type ProgressState } from './progress.ts';
import { rateAt, type ScheduleOptions } from './schedules.ts';
import { sizeOf, stepProgram, type StepOptions, type StepProgram } from './stepProgram.ts';
import { dropoutPool, Stepper, type StepMemory } from './stepper.ts';
import { batchSizeFor, checkSize, epochOrder, toSingle, type Prepared } from './trainingRows.ts';

export interface TrainOptions extends Omit<StepOptions, 'isProbe' | 'isWeighted' | 'isGradientOnly'>, ScheduleOptions {
  readonly epochs: number;
  readonly batchSize: number | null;
  readonly earlyStopping: boolean;
  readonly patience: number;
  readonly minDelta: number;
}

/** What is known of one epoch. */
export interface EpochRecord {
  /** 1 is the first. */
  readonly epoch: number;
  readonly loss: number;
  /** Of the rows held out of the training rows; null when there are none. */
  readonly holdOutLoss: number | null;
  readonly learningRate: number;
  readonly health: readonly LayerHealth[];
}

/** Everything training needs to go on from here to the same numbers. */
export interface Checkpoint {
  readonly state: NetworkState;
  /** Theta and running statistics of the best epoch. */
  readonly best: { readonly theta: Float32Array; readonly running: Float32Array };
  readonly progress: ProgressState;
  readonly history: readonly EpochRecord[];
  /** Loss of the very first batch. */
  readonly firstLoss: number;
  readonly steps: number;
}

export interface Trained extends Checkpoint {
  /** Why it ended before its last epoch; null when it did not. */
  readonly stopped: 'earlyStopping' | 'exploded' | null;
  readonly nParameters: number;
}

export interface TrainHooks {
  readonly resumeFrom?: Checkpoint;
  /** False where `onCheckpoint` need not be told of an epoch, which spares the copies. */
  readonly isCheckpointDue?: () => boolean;
  /** After every epoch; the arrays are copies. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void> | void;
  /** After every epoch, with all epochs so far. */
  readonly onEpoch?: (history: readonly EpochRecord[], firstLoss: number) => void;
}

/**
 * Trains a network. Same rows, options and seed give the same numbers, also when it was interrupted between epochs and
 * resumed. A loss that is not finite ends it with the parameters of the best epoch before.
 */
export async function trainNetwork(
  options: TrainOptions,
  prepared: Prepared,
  context: FitContext,
  hooks: TrainHooks = {},
): Promise<Trained> {
  const { rng } = context;
  // Other devices keep state and optimiser on their side.
  const isGradientOnly = (context.provider ?? 'cpu') === 'cpu';
  const isWeighted = prepared.train.w.some((v) => v !== 1);
  const stepOptions = { ...options, isProbe: false, isWeighted, isGradientOnly };
  const shape = stepProgram(stepOptions);
  const nParameters = shape.slots.reduce((count, slot) => count + sizeOf(slot.shape), 0);
  checkSize(nParameters);
  const nAverages = slotCount(options.optimizer);
  const from = hooks.resumeFrom;
  const start = from
    ? copyState(from.state)
    : initialState(shape.slots, shape.running, nAverages, rng.fork('initial weights'));
  const optimizer = isGradientOnly
    ? await FusedOptimizer.open(
        { ...options.optimizer, clipNorm: options.clipNorm, clipValue: options.clipValue },
        start,
      )
    : undefined;
  try {
    const memory = { state: optimizer?.state ?? start, ...(optimizer && { optimizer }) };
    return await trainSteps(stepOptions, prepared, context, hooks, { shape, nParameters, ...memory });
  } finally {
    optimizer?.close();
  }
}

interface Ready extends Omit<StepMemory, 'pool'> {
  readonly shape: StepProgram;
  readonly nParameters: number;
}

async function trainSteps(
  options: TrainOptions & StepOptions,
  { train, held, target }: Prepared,
  context: FitContext,
  hooks: TrainHooks,
  { shape, nParameters, ...memory }: Ready,
): Promise<Trained> {
  const { task, rng } = context;
  const { state } = memory;
  const from = hooks.resumeFrom;
  const batchSize = batchSizeFor(train.n, options.batchSize);
  const sessionOptions = sessionOptionsFor(context, nParameters * batchSize);
  const pool = dropoutPool(shape.dropped, batchSize, rng.fork('dropout'));
  const open = (isProbe: boolean) =>
    Stepper.open({ ...options, isProbe }, train, { ...memory, pool }, batchSize, sessionOptions);
  const [stepper, probe] = [await open(false), await open(true)];
  const { watch } = context;
  const evaluator =
    held || watch ? await Evaluator.open(options.network, options.head, state, sessionOptions) : undefined;
  const watched = watch && toSingle(watch.X);

  const stepsPerEpoch = Math.ceil(train.n / batchSize);
  const nSteps = stepsPerEpoch * options.epochs;
  const progress = new Progress(options, from?.progress);
  const history: EpochRecord[] = [...(from?.history ?? [])];
  let best = from ? copyBest(from.best) : copyBest(state);
  let firstLoss = from?.firstLoss ?? NaN;
  let steps = from?.steps ?? 0;
  let stopped: Trained['stopped'] = null;
  const before = new Float32Array(state.theta.length);

  for (let epoch = history.length; epoch < options.epochs && !progress.isOver; epoch++) {
    const order = epochOrder(train.n, epoch, rng);
    const noise = rng.fork(`dropout of epoch ${epoch}`);
    let [sum, rate] = [0, 0];
    for (let at = 0; at < train.n; at += batchSize) {
      const batch = order.subarray(at, Math.min(train.n, at + batchSize));
      const isLast = at + batchSize >= train.n;
      rate = rateAt(options, { epoch, step: steps, nSteps, drops: progress.drops });
      if (isLast) before.set(state.theta);
      const loss = await (isLast ? probe : stepper).step(batch, rate, ++steps, noise);
      if (steps === 1) firstLoss = loss;
      sum += loss * batch.length;
      if (!Number.isFinite(sum)) break;
      if (task.isDue()) {
        await task.yield();
        task.signal.throwIfAborted();
        task.report({
          fraction: steps / nSteps,
          step: `Epoch ${epoch + 1} of ${options.epochs}, loss ${(sum / (at + batch.length)).toPrecision(3)}`,
        });
      }
    }
    const health = Number.isFinite(sum) ? layerHealth(shape.slots, before, state.theta, probe.probed) : [];
    const hasExploded = !Number.isFinite(sum) || health.some((layer) => !Number.isFinite(layer.updateRatio));
    const holdOutLoss = evaluator && held && !hasExploded ? await evaluator.loss(held) : null;
    const record: EpochRecord = {
      epoch: epoch + 1,
      loss: sum / train.n,
      holdOutLoss,
      learningRate: rate,
      health,
    };
    history.push(record);
    hooks.onEpoch?.(history, firstLoss);
    if (hasExploded || (holdOutLoss !== null && !Number.isFinite(holdOutLoss))) {
      stopped = 'exploded';
      break;
    }
    if (evaluator && watched) watch?.told(epoch + 1, await evaluator.predictions(watched, target));
    if (progress.add(epoch + 1, holdOutLoss ?? record.loss)) best = copyBest(state);
    if (progress.isOver) stopped = 'earlyStopping';
    if (!hooks.onCheckpoint || hooks.isCheckpointDue?.() === false) continue;
    await hooks.onCheckpoint({
      state: copyState(state),
      best: copyBest(best),
      progress: progress.state,
      history: [...history],
      firstLoss,
      steps,
    });
  }
  const keepsBest = options.earlyStopping || stopped === 'exploded';
  const kept = keepsBest ? best : copyBest(state);
  return {
    state: copyState(state),
    best: kept,
    progress: progress.state,
    history,
    firstLoss,
    steps,
    stopped,
    nParameters,
  };
}

/** Multiplications of a forward pass below which handing work to a second thread costs more than it saves; measured. */
const ONE_THREAD_WORK = 8e6;

function sessionOptionsFor({ threads, provider, task }: FitContext, work: number): SessionOptions {
  const said = new Set<string>();
  return {
    threads: work < ONE_THREAD_WORK ? 1 : threads,
    isAwake: true,
    flushesTiny: true,
    ...(provider !== undefined && { provider }),
    onFallback: (message) => {
      if (!said.has(message)) task.log(message);
      said.add(message);
    },
  };
}

const copyState = ({ theta, averages, running }: NetworkState): NetworkState => ({
  theta: theta.slice(),
  averages: averages.map((values) => values.slice()),
  running: running.slice(),
});
const copyBest = ({ theta, running }: Checkpoint['best']): Checkpoint['best'] => ({
  theta: theta.slice(),
  running: running.slice(),
});
