import { createRequire } from 'node:module';
import nodeUtil from 'node:util';
import type * as Tf from '@tensorflow/tfjs';
import { AppError } from '../../contract/errors.ts';
import { constantOp, inputOp, inputsOf, topological, type Program, type Tensor } from '../program.ts';
import type { Compiled, Executor, Feed, RealArray, Result } from './executor.ts';

/**
 * TensorFlow.js in float32: `@tensorflow/tfjs-node` where it is installed and loads, else the plain package.
 * Throws AppError TFJS_MISSING when neither is there: Pith works fully without it.
 */
export async function openTfjs(): Promise<TfjsExecutor> {
  const require = createRequire(import.meta.url);
  restoreUtil();
  for (const name of ['@tensorflow/tfjs-node', '@tensorflow/tfjs']) {
    try {
      const tf = require(name) as typeof Tf;
      await tf.ready();
      return new TfjsExecutor(tf, name);
    } catch (cause) {
      // Not installed, or its native part does not load here: the next one.
      if (cause instanceof RangeError) throw cause;
    }
  }
  throw new AppError({
    code: 'TFJS_MISSING',
    message: 'TensorFlow.js is not installed.',
    fix: { kind: 'install', label: 'npm install @tensorflow/tfjs-node' },
    isInput: false,
  });
}

/** tfjs-node 4.22 calls functions that Node 23 removed from `util` (tensorflow/tfjs#8609). */
export function restoreUtil(): void {
  const util = nodeUtil as unknown as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
  util['isString'] ??= (value: unknown) => typeof value === 'string';
  util['isNumber'] ??= (value: unknown) => typeof value === 'number';
  util['isBoolean'] ??= (value: unknown) => typeof value === 'boolean';
  util['isUndefined'] ??= (value: unknown) => value === undefined;
  util['isObject'] ??= (value: unknown) => value !== null && typeof value === 'object';
  util['isFunction'] ??= (value: unknown) => typeof value === 'function';
}

export class TfjsExecutor implements Executor {
  readonly name: string;
  private readonly tf: typeof Tf;

  constructor(tf: typeof Tf, name: string) {
    this.tf = tf;
    this.name = name;
  }

  async compile(program: Program): Promise<Compiled> {
    const order = topological(Object.values(program.outputs));
    inputsOf(program);
    return { run: (feeds) => this.run(program, order, feeds) };
  }

  private async run(
    program: Program,
    order: readonly Tensor[],
    feeds: Readonly<Record<string, Feed>>,
  ): Promise<Record<string, Result>> {
    const { tf } = this;
    const out = tf.tidy(() => {
      const values = new Map<Tensor, Tf.Tensor>();
      for (const node of order) values.set(node, this.evaluate(node, values, feeds));
      return Object.fromEntries(Object.entries(program.outputs).map(([name, t]) => [name, tf.clone(values.get(t)!)]));
    });
    const results: Record<string, Result> = {};
    for (const [name, tensor] of Object.entries(out)) {
      results[name] = { data: (await tensor.data()) as RealArray, shape: tensor.shape };
      tensor.dispose();
    }
    return results;
  }

  private evaluate(node: Tensor, values: Map<Tensor, Tf.Tensor>, feeds: Readonly<Record<string, Feed>>): Tf.Tensor {
    const { tf } = this;
    if (node.op === constantOp)
      return tf.tensor(Float32Array.from(node.values!), [...node.shape] as number[], 'float32');
    if (node.op !== inputOp) {
      return node.op.evaluate(
        tf,
        node,
        node.inputs.map((parent) => values.get(parent)!),
      );
    }
    const feed = feeds[node.name!];
    if (!feed) throw new RangeError(`TfjsExecutor: nothing is fed for ${node.name}`);
    return node.type === 'int32'
      ? tf.tensor(Int32Array.from(feed.data), [...feed.shape], 'int32')
      : tf.tensor(Float32Array.from(feed.data), [...feed.shape], 'float32');
  }
}
