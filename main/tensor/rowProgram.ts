import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import type { Matrix } from '../kernels/matrix.ts';
import { OnnxGraph, type OnnxValue } from './onnxGraph.ts';
import { f32, f64, openSession } from './session.ts';

type Real = 'float32' | 'float64';

// Values (rows × width) per call: intermediate results stay in the caches, and calls stay few.
const CALL_VALUES = 2 ** 20;

/** Threads that predictions use; hosts and benches may lower it. */
export const rowThreads = { count: availableParallelism() };

/** A graph from rows (n, nIn) to rows (n, nOut), run over any number of rows in pieces. */
export class RowProgram {
  readonly nIn: number;
  readonly nOut: number;
  private readonly type: Real;
  private readonly outType: Real;
  private readonly build: (graph: OnnxGraph, x: OnnxValue) => OnnxValue;
  private readonly widest: number;
  private session: Promise<InferenceSession> | undefined;

  /**
   * @param type of the rows handed to the graph
   * @param widest the most values the graph holds per row; decides how many rows go into one call
   * @param outType of what the graph answers
   */
  constructor(
    nIn: number,
    nOut: number,
    type: Real,
    build: (graph: OnnxGraph, x: OnnxValue) => OnnxValue,
    widest = Math.max(nIn, nOut),
    outType = type,
  ) {
    this.nIn = nIn;
    this.nOut = nOut;
    this.type = type;
    this.outType = outType;
    this.build = build;
    this.widest = widest;
  }

  /** Throws RangeError for another number of columns. `X` is converted piece by piece where its type differs. */
  async run(X: Matrix, threads = rowThreads.count): Promise<Matrix> {
    const { nIn, nOut, type, outType } = this;
    if (X.nCols !== nIn) throw new RangeError(`The model was fitted on ${nIn} features, got ${X.nCols}`);
    this.session ??= this.open(threads);
    const session = await this.session;
    const isSingle = type === 'float32';
    const out = outType === 'float32' ? new Float32Array(X.nRows * nOut) : new Float64Array(X.nRows * nOut);
    const perCall = Math.max(256, Math.floor(CALL_VALUES / this.widest));
    for (let from = 0; from < X.nRows; from += perCall) {
      const to = Math.min(X.nRows, from + perCall);
      const rows = X.data.subarray(from * nIn, to * nIn);
      const target = out.subarray(from * nOut, to * nOut);
      const x = isSingle
        ? f32(rows instanceof Float32Array ? rows : Float32Array.from(rows), [to - from, nIn])
        : f64(rows instanceof Float64Array ? rows : Float64Array.from(rows), [to - from, nIn]);
      const y = target instanceof Float32Array ? f32(target, [to - from, nOut]) : f64(target, [to - from, nOut]);
      await session.run({ x }, { y });
    }
    return { data: out, nRows: X.nRows, nCols: nOut };
  }

  private open(threads: number): Promise<InferenceSession> {
    const graph = new OnnxGraph();
    graph.output('y', this.build(graph, graph.input('x', this.type, ['n', this.nIn])));
    return openSession(graph, { threads });
  }
}
