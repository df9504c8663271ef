import * as ort from 'onnxruntime-node';
import type { Matrix } from '../../kernels/matrix.ts';
import { openProgram } from '../../tensor/executors/ort.ts';
import { input, inputsOf, type Tensor } from '../../tensor/program.ts';
import { slice } from '../../tensor/ops/shape.ts';
import type { SessionOptions } from '../../tensor/session.ts';
import { pieceTensors, type NetworkState } from './buffers.ts';
import { forward, type Network, type Slot } from './forward.ts';
import type { Head } from './stepProgram.ts';
import type { SingleMatrix } from './stepper.ts';
import type { Labelled, TargetScale } from './trainingRows.ts';

const ROWS_PER_CALL = 4096;

/** The network as it stands between two steps, on rows that it is not trained on. */
export class Evaluator {
  private readonly session: ort.InferenceSession;
  private readonly feeds: Record<string, ort.Tensor>;
  private readonly head: Head;
  private readonly nOutputs: number;

  private constructor(session: ort.InferenceSession, feeds: Record<string, ort.Tensor>, head: Head, nOutputs: number) {
    this.session = session;
    this.feeds = feeds;
    this.head = head;
    this.nOutputs = nOutputs;
  }

  static async open(network: Network, head: Head, state: NetworkState, options: SessionOptions): Promise<Evaluator> {
    const { out, slots } = inferenceTensor(network, state.running.length);
    const program = { outputs: { out } };
    const session = await openProgram(program, 'float32', options);
    const known: Record<string, ort.Tensor> = {
      ...pieceTensors(state.theta, slots),
      running: new ort.Tensor('float32', state.running, [state.running.length]),
    };
    const feeds = Object.fromEntries(
      [...inputsOf(program).keys()].filter((name) => name !== 'X').map((name) => [name, known[name]!]),
    );
    return new Evaluator(session, feeds, head, network.nOutputs);
  }

  /** Weighted mean loss, on the network's scale. */
  async loss({ X, y, w }: Labelled): Promise<number> {
    let [loss, total] = [0, 0];
    await this.forEachRow(X, (z, i) => {
      total += w[i]!;
      loss += w[i]! * rowLoss(this.head, z, y[i]!);
    });
    return loss / total;
  }

  /** Probabilities (n, nClasses), or predictions (n, 1) in the target's own units. */
  async predictions(X: SingleMatrix, { shift, scale }: TargetScale): Promise<Matrix> {
    const nCols = this.head === 'binary' ? 2 : this.nOutputs;
    const data = new Float64Array(X.nRows * nCols);
    await this.forEachRow(X, (z, i) => {
      const row = data.subarray(i * nCols, (i + 1) * nCols);
      if (this.head === 'regression') row[0] = z[0]! * scale + shift;
      else if (this.head === 'binary') row.set([1 / (1 + Math.exp(z[0]!)), 1 / (1 + Math.exp(-z[0]!))]);
      else {
        const all = logSumExp(z);
        for (let k = 0; k < nCols; k++) row[k] = Math.exp(z[k]! - all);
      }
    });
    return { data, nRows: X.nRows, nCols };
  }

  /** @param visit told the last layer's numbers of each row, a view that the next call overwrites */
  private async forEachRow(X: SingleMatrix, visit: (z: Float32Array, row: number) => void): Promise<void> {
    const { nOutputs } = this;
    for (let from = 0; from < X.nRows; from += ROWS_PER_CALL) {
      const to = Math.min(X.nRows, from + ROWS_PER_CALL);
      const x = new ort.Tensor('float32', X.data.subarray(from * X.nCols, to * X.nCols), [to - from, X.nCols]);
      const { out } = await this.session.run({ ...this.feeds, X: x });
      const z = out!.data as Float32Array;
      for (let i = from; i < to; i++) visit(z.subarray((i - from) * nOutputs, (i - from + 1) * nOutputs), i);
    }
  }
}

function rowLoss(head: Head, z: Float32Array, y: number): number {
  if (head === 'regression') return (z[0]! - y) ** 2;
  if (head === 'multiclass') return logSumExp(z) - z[y]!;
  const u = y === 1 ? -z[0]! : z[0]!;
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
}

function logSumExp(z: Float32Array): number {
  let top = z[0]!;
  for (const value of z) top = Math.max(top, value);
  let sum = 0;
  for (const value of z) sum += Math.exp(value - top);
  return Math.log(sum) + top;
}

/** The forward pass with parameters and running statistics as inputs, and the arrays it needs in order. */
export function inferenceTensor(network: Network, nRunning: number): { readonly out: Tensor; readonly slots: Slot[] } {
  const slots: Slot[] = [];
  const running = input('running', [nRunning]);
  let at = 0;
  const out = forward(network, input('X', ['n', network.nInputs]), {
    parameter: (slot) => input(`p${slots.push(slot) - 1}`, slot.shape),
    running: (_, units) => slice(running, 0, at, (at += units)),
  });
  return { out, slots };
}
