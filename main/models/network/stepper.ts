import * as ort from 'onnxruntime-node';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Rng } from '../../kernels/rng.ts';
import { openProgram } from '../../tensor/executors/ort.ts';
import { inputsOf } from '../../tensor/program.ts';
import type { SessionOptions } from '../../tensor/session.ts';
import { pieceTensors, type NetworkState } from './buffers.ts';
import type { FusedOptimizer } from './fusedOptimizer.ts';
import { stepScalars } from './optimizers.ts';
import { next, stepProgram, type StepOptions } from './stepProgram.ts';

export type SingleMatrix = Matrix & { readonly data: Float32Array };

/** Rows ready for training: float32, the target as the loss wants it, weights of mean 1. */
export interface TrainingRows {
  readonly X: SingleMatrix;
  readonly y: Float32Array;
  readonly w: Float32Array;
}

/** What a probe step found beside its loss. */
export interface ProbeResult {
  readonly gradient: Float32Array;
  /** Share of dead or saturated units by layer. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What steps work on. */
export interface StepMemory {
  readonly state: NetworkState;
  /** Takes the step where the graph ends with the gradient; its state is `state`. */
  readonly optimizer?: FusedOptimizer;
  /** Random numbers of dropout, see `dropoutPool`. */
  readonly pool: Float32Array;
}

/**
 * Runs training steps: one native call each, and one pass over the parameters. All tensors are made once over memory that stays; between steps only the row
 * numbers and a few scalars are written.
 */
export class Stepper {
  private readonly options: StepOptions;
  private readonly optimizer: FusedOptimizer | undefined;
  /** Of a probe: a copy, since clipping changes the gradient in place. */
  private readonly gradient: Float32Array | undefined;
  private readonly session: ort.InferenceSession;
  private readonly rows: Int32Array;
  private readonly scalars: Readonly<Record<'perRow' | 'rate' | 'epsilon' | 'keep', Float32Array>>;
  private readonly starts: Int32Array;
  private readonly poolSize: number;
  private readonly dropped: readonly number[];
  private readonly feeds: Record<string, ort.Tensor>;
  private readonly fetches: Record<string, ort.Tensor>;
  private readonly loss = new Float32Array(1);
  private readonly found: Record<string, Float32Array>;
  /** Row tensors by batch size: the full one and that of the last batch. */
  private readonly rowTensors = new Map<number, ort.Tensor>();

  private constructor(
    options: StepOptions,
    session: ort.InferenceSession,
    data: TrainingRows,
    { state, optimizer, pool }: StepMemory,
    batchSize: number,
    program: ReturnType<typeof stepProgram>,
  ) {
    this.options = options;
    this.optimizer = optimizer;
    if (options.isProbe) this.gradient = new Float32Array(state.theta.length);
    this.session = session;
    this.rows = new Int32Array(batchSize);
    this.dropped = program.dropped;
    this.poolSize = pool.length;
    this.starts = new Int32Array(Math.max(1, program.dropped.length));
    const one = () => new Float32Array(1);
    this.scalars = { perRow: one(), rate: one(), epsilon: one(), keep: one() };
    const vector = (values: Float32Array) => new ort.Tensor('float32', values, [values.length]);
    const n = data.X.nRows;
    const all: Record<string, ort.Tensor> = {
      X: new ort.Tensor('float32', data.X.data, [n, data.X.nCols]),
      y: new ort.Tensor('float32', data.y, [n, 1]),
      w: new ort.Tensor('float32', data.w, [n, 1]),
      rows: new ort.Tensor('int32', this.rows, [batchSize]),
      theta: vector(state.theta),
      running: vector(state.running),
      pool: vector(pool),
      starts: new ort.Tensor('int32', this.starts, [this.starts.length]),
      ...pieceTensors(state.theta, program.slots),
      ...Object.fromEntries(state.averages.map((values, k) => [`s${k}`, vector(values)])),
      ...Object.fromEntries(Object.entries(this.scalars).map(([name, value]) => [name, vector(value)])),
    };
    this.feeds = Object.fromEntries([...inputsOf(program.program).keys()].map((name) => [name, all[name]!]));
    const gradients = optimizer ? pieceTensors(optimizer.gradient, program.slots, 'g') : {};
    this.found = {};
    this.fetches = {};
    for (const name of Object.keys(program.program.outputs)) {
      if (gradients[name]) {
        this.fetches[name] = gradients[name];
        continue;
      }
      const isState = name.endsWith(next(''));
      const known = { loss: this.loss, gradient: this.gradient }[name];
      if (!isState) this.found[name] = known ?? new Float32Array(1);
      // New state over old: every node that reads the old value runs before the one that writes the new one.
      this.fetches[name] = isState ? all[name.slice(0, -next('').length)]! : vector(this.found[name]!);
    }
  }

  static async open(
    options: StepOptions,
    data: TrainingRows,
    memory: StepMemory,
    batchSize: number,
    sessionOptions: SessionOptions,
  ): Promise<Stepper> {
    const program = stepProgram(options);
    const session = await openProgram(program.program, 'float32', sessionOptions);
    return new Stepper(options, session, data, memory, batchSize, program);
  }

  /**
   * One step on the rows `batch`; the state changes in place.
   * @param t number of the step, 1 is the first
   * @returns mean loss of the batch before the step; not finite when training has exploded
   */
  async step(batch: Uint32Array, learningRate: number, t: number, rng: Rng): Promise<number> {
    const { scalars, feeds } = this;
    const b = batch.length;
    this.rows.set(batch);
    let rows = this.rowTensors.get(b);
    if (!rows) this.rowTensors.set(b, (rows = new ort.Tensor('int32', this.rows.subarray(0, b), [b])));
    feeds['rows'] = rows;
    const { rate, epsilon, keep } = stepScalars(this.options.optimizer, learningRate, t);
    scalars.perRow[0] = 1 / b;
    scalars.rate[0] = rate;
    scalars.epsilon[0] = epsilon;
    scalars.keep[0] = keep;
    for (let k = 0; k < this.dropped.length; k++) this.starts[k] = rng.int(this.poolSize - this.dropped[k]! * b);
    await this.session.run(feeds, this.fetches);
    if (this.optimizer) {
      this.gradient?.set(this.optimizer.gradient);
      this.optimizer.step(learningRate, t);
    }
    return this.loss[0]!;
  }

  /** Of a probe, after its step: views that the next step overwrites. */
  get probed(): ProbeResult {
    const shares = Object.entries(this.found)
      .filter(([name]) => name.startsWith('share.'))
      .map(([name, value]) => [name.slice(6), value[0]!] as const);
    return { gradient: this.gradient!, shares: Object.fromEntries(shares) };
  }
}

/** Numbers dropout cuts its masks from: enough for the widest layer at a place of its own for every step. */
export function dropoutPool(dropped: readonly number[], batchSize: number, rng: Rng): Float32Array {
  if (dropped.length === 0) return new Float32Array(1);
  const pool = new Float32Array(Math.max(...dropped) * batchSize + 65_537);
  for (let i = 0; i < pool.length; i++) pool[i] = rng.uniform();
  return pool;
}
