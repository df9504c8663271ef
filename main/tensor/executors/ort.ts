import * as ort from 'onnxruntime-node';
import { emit, inputsOf, type Program, type Tensor } from '../program.ts';
import { OnnxGraph, type OnnxValue } from '../onnxGraph.ts';
import { openSession, type SessionOptions } from '../session.ts';
import type { Compiled, Executor, Feed, RealArray, Result } from './executor.ts';

type Real = 'float32' | 'float64';

/** The program as an ONNX graph whose inputs and outputs keep their names. */
export function toGraph(program: Program, real: Real): OnnxGraph {
  const graph = new OnnxGraph();
  const known = new Map<Tensor, OnnxValue>();
  for (const [name, tensor] of inputsOf(program)) {
    known.set(tensor, graph.input(name, tensor.type === 'real' ? real : tensor.type, tensor.shape));
  }
  const outputs = Object.entries(program.outputs).map(([name, t]) => [name, emit(graph, t, known, real)] as const);
  for (const [name, value] of outputs) graph.outputInPlace(name, value);
  return graph;
}

/** Native session of a program, for callers that keep their own tensors between runs. */
export function openProgram(program: Program, real: Real, options: SessionOptions): Promise<ort.InferenceSession> {
  return openSession(toGraph(program, real), options);
}

/** Tensor over `data`, which is not copied: the session reads and writes the array itself. */
export function nativeTensor({ data, shape }: Feed): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, shape);
  if (data instanceof Float64Array) return new ort.Tensor('float64', data, shape);
  return new ort.Tensor('int32', data, shape);
}

/** ONNX Runtime, in the type asked for. */
export class OrtExecutor implements Executor {
  readonly name = 'onnxruntime-node';
  private readonly real: Real;
  private readonly options: SessionOptions;

  constructor(real: Real = 'float32', options: SessionOptions = {}) {
    this.real = real;
    this.options = options;
  }

  async compile(program: Program): Promise<Compiled> {
    const session = await openProgram(program, this.real, this.options);
    return {
      run: async (feeds) => {
        const native = Object.entries(feeds).map(([name, feed]) => [name, nativeTensor(feed)] as const);
        const out = await session.run(Object.fromEntries(native));
        const results = Object.entries(out).map(([name, t]): [string, Result] => [
          name,
          { data: t.data as RealArray, shape: t.dims },
        ]);
        return Object.fromEntries(results);
      },
    };
  }
}
