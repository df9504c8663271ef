import * as ort from 'onnxruntime-node';
import { openProgram } from '../../tensor/executors/ort.ts';
import { input, inputsOf, type Tensor } from '../../tensor/program.ts';
import { slice } from '../../tensor/ops/shape.ts';
import type { SessionOptions } from '../../tensor/session.ts';
import { pieceTensors, type NetworkState } from './buffers.ts';
import { forward, type Network, type Slot } from './forward.ts';
import type { Head } from './stepProgram.ts';
import type { Labelled } from './trainingRows.ts';

export interface Scores {
  /** Weighted mean loss. */
  readonly loss: number;
  /** Weighted share of right classes, or root mean squared error on the network's scale. */
  readonly metric: number;
}

const ROWS_PER_CALL = 4096;

/** The network as it stands on rows that are not trained on. */
export class Evaluator {
  private readonly session: ort.InferenceSession;
  private readonly feeds: Record<string, ort.Tensor>;
  private readonly rows: Labelled;
  private readonly head: Head;
  private readonly nOutputs: number;

  private constructor(
    session: ort.InferenceSession,
    feeds: Record<string, ort.Tensor>,
    rows: Labelled,
    head: Head,
    nOutputs: number,
  ) {
    this.session = session;
    this.feeds = feeds;
    this.rows = rows;
    this.head = head;
    this.nOutputs = nOutputs;
  }

  static async open(
    network: Network,
    head: Head,
    rows: Labelled,
    state: NetworkState,
    options: SessionOptions,
  ): Promise<Evaluator> {
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
    return new Evaluator(session, feeds, rows, head, network.nOutputs);
  }

  async score(): Promise<Scores> {
    const { rows, nOutputs, head } = this;
    const { X, y, w, n } = rows;
    let [loss, metric, total] = [0, 0, 0];
    for (let from = 0; from < n; from += ROWS_PER_CALL) {
      const to = Math.min(n, from + ROWS_PER_CALL);
      const x = new ort.Tensor('float32', X.data.subarray(from * X.nCols, to * X.nCols), [to - from, X.nCols]);
      const { out } = await this.session.run({ ...this.feeds, X: x });
      const z = out!.data as Float32Array;
      for (let i = from; i < to; i++) {
        const own = z.subarray((i - from) * nOutputs, (i - from + 1) * nOutputs);
        const [rowLoss, right] = scoreRow(head, own, y[i]!);
        total += w[i]!;
        loss += w[i]! * rowLoss;
        metric += w[i]! * right;
      }
    }
    return { loss: loss / total, metric: head === 'regression' ? Math.sqrt(metric / total) : metric / total };
  }
}

/** Loss of a row, and 1 when its class is right (its squared error for regression). */
function scoreRow(head: Head, z: Float32Array, y: number): readonly [number, number] {
  if (head === 'regression') return [(z[0]! - y) ** 2, (z[0]! - y) ** 2];
  if (head === 'binary') {
    const u = y === 1 ? -z[0]! : z[0]!;
    return [Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u))), Number(z[0]! > 0 === (y === 1))];
  }
  let best = 0;
  for (let k = 1; k < z.length; k++) if (z[k]! > z[best]!) best = k;
  let sum = 0;
  for (const value of z) sum += Math.exp(value - z[best]!);
  return [Math.log(sum) + z[best]! - z[y]!, Number(best === y)];
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
