import { returnArena, takeArena, type Arena } from '../../kernels/wasm/arena.ts';
import type { Exports } from '../../kernels/wasm/exports.ts';
import { instantiate, loadWasm } from '../../kernels/wasm/load.ts';
import type { NetworkState } from './buffers.ts';
import { stepScalars, type OptimizerOptions } from './optimizers.ts';

/** How gradients are clipped: see `StepOptions`. */
export interface Clipping {
  readonly clipNorm: number | null;
  readonly clipValue: number | null;
}

/**
 * The optimisers of ./optimizers.ts as one WebAssembly pass over memory that ONNX Runtime writes gradients into: as nodes of
 * the graph they were a quarter of a step. Same operations in the same order, so the same numbers.
 */
export class FusedOptimizer {
  /** Copies of the state given, in the memory the kernel works on. */
  readonly state: NetworkState;
  /** Where a step's gradient is to be written, as long as theta. */
  readonly gradient: Float32Array;
  private readonly arena: Arena;
  private readonly wasm: Exports;
  private readonly options: OptimizerOptions & Clipping;
  /** Addresses. */
  private readonly at: { readonly theta: number; readonly gradient: number; readonly averages: readonly number[] };
  private readonly n: number;

  private constructor(options: OptimizerOptions & Clipping, start: NetworkState, module: WebAssembly.Module) {
    const size = start.theta.length;
    this.options = options;
    this.n = 4 * Math.ceil(size / 4);
    this.arena = takeArena();
    const place = () => this.arena.alloc(4 * this.n);
    this.at = { theta: place(), gradient: place(), averages: start.averages.map(place) };
    const copy = (values: Float32Array, at: number) => {
      const view = this.arena.f32(at, size);
      view.set(values);
      return view;
    };
    this.gradient = this.arena.f32(this.at.gradient, size);
    this.state = {
      theta: copy(start.theta, this.at.theta),
      averages: start.averages.map((values, k) => copy(values, this.at.averages[k]!)),
      running: start.running,
    };
    this.wasm = instantiate(module, this.arena.memory);
  }

  static async open(options: OptimizerOptions & Clipping, start: NetworkState): Promise<FusedOptimizer> {
    return new FusedOptimizer(options, start, await loadWasm());
  }

  /** Clips `gradient` and takes step `t` (1 is the first) along it. */
  step(learningRate: number, t: number): void {
    const { wasm, n, options } = this;
    const { theta, gradient, averages } = this.at;
    this.clip();
    const { rate, epsilon, keep } = stepScalars(options, learningRate, t);
    const [first = 0, second = 0] = averages;
    switch (options.optimizer) {
      case 'adam':
      case 'adamW': {
        const kept = options.optimizer === 'adamW' ? keep : 1;
        wasm.adamStep(theta, gradient, first, second, n, options.beta1, options.beta2, rate, epsilon, kept);
        return;
      }
      case 'rmsprop':
        wasm.rmspropStep(theta, gradient, first, n, options.rho, rate, epsilon);
        return;
      case 'sgd':
        wasm.sgdStep(theta, gradient, first, n, options.momentum, Number(options.nesterov), rate);
    }
  }

  private clip(): void {
    const { wasm, n } = this;
    const { clipNorm, clipValue } = this.options;
    if (clipValue !== null) wasm.cutValues(this.at.gradient, n, clipValue);
    if (clipNorm === null) return;
    const norm = Math.sqrt(wasm.sumSquares(this.at.gradient, n));
    // Not finite: scaled all the same, so that the explosion is seen and named.
    if (!(norm <= clipNorm)) wasm.scaleValues(this.at.gradient, n, clipNorm / (norm + 1e-6));
  }

  /** Ends the use of `state` and `gradient`. */
  close(): void {
    returnArena(this.arena);
  }
}
