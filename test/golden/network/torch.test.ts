import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRng } from '../../../main/kernels/rng.ts';
import { parseLayers } from '../../../main/models/network/layers.ts';
import { slotCount, type OptimizerOptions } from '../../../main/models/network/optimizers.ts';
import { FusedOptimizer } from '../../../main/models/network/fusedOptimizer.ts';
import { initialState } from '../../../main/models/network/buffers.ts';
import { sizeOf, stepProgram, type Head, type StepOptions } from '../../../main/models/network/stepProgram.ts';
import { Stepper, type TrainingRows } from '../../../main/models/network/stepper.ts';
import { openTfjs, type TfjsExecutor } from '../../../main/tensor/executors/tfjs.ts';
import { inputsOf } from '../../../main/tensor/program.ts';
import { stepScalars } from '../../../main/models/network/optimizers.ts';

interface Case {
  readonly name: string;
  readonly head: Head;
  readonly layers: readonly unknown[];
  readonly optimizer: Partial<OptimizerOptions>;
  readonly learningRate: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly l1?: number;
  readonly l2?: number;
  readonly losses: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL('torch.json', import.meta.url), 'utf8')) as {
  readonly nRows: number;
  readonly nFeatures: number;
  readonly batch: number;
  readonly cases: readonly Case[];
};
const { nRows, nFeatures, batch, cases } = golden;

/** The numbers of make_golden.py: fractional parts of sines. */
const wave = (n: number, seed: number): number[] =>
  Array.from({ length: n }, (_, i) => {
    const v = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (v - Math.floor(v)) - 1;
  });

function rowsFor(head: Head): TrainingRows {
  const data = Float32Array.from(wave(nRows * nFeatures, 1));
  const y = Float32Array.from({ length: nRows }, (_, i) => {
    const x = data.subarray(i * nFeatures);
    const score = Math.fround(x[0]! - 0.5 * x[1]! + x[2]! * x[3]!);
    if (head === 'regression') return 2 * score - 0.1;
    return head === 'binary' ? Number(score > 0) : Number(score > -0.3) + Number(score > 0.3);
  });
  return { X: { data, nRows, nCols: nFeatures }, y, w: new Float32Array(nRows).fill(1) };
}

const standard: OptimizerOptions = {
  optimizer: 'adam',
  momentum: 0,
  nesterov: false,
  beta1: 0.9,
  beta2: 0.999,
  rho: 0.9,
  epsilon: 1e-8,
  weightDecay: 0,
};

function optionsFor(c: Case, isGradientOnly = false): StepOptions {
  return {
    network: {
      nInputs: nFeatures,
      nOutputs: c.head === 'multiclass' ? 3 : 1,
      layers: parseLayers(c.layers),
      categories: [],
      activation: 'relu',
      initializer: 'auto',
      l1: c.l1 ?? 0,
      l2: c.l2 ?? 0,
    },
    head: c.head,
    optimizer: { ...standard, ...c.optimizer },
    clipNorm: c.clipNorm ?? null,
    clipValue: c.clipValue ?? null,
    isProbe: false,
    isWeighted: false,
    isGradientOnly,
  };
}

/** The weights make_golden.py gives PyTorch. */
function stateFor(options: StepOptions) {
  const { slots, running } = stepProgram(options);
  const state = initialState(slots, running, slotCount(options.optimizer), createRng(1));
  let at = 0;
  slots.forEach(({ shape, start }, k) => {
    const size = sizeOf(shape);
    const isMatrix = shape.length === 2;
    const isKept = start === 'ones' || slots[k - 1]?.start === 'ones';
    const factor = isMatrix ? 1 / Math.sqrt(shape[0]!) : 0.1;
    if (!isKept)
      state.theta.set(
        wave(size, 10 + k).map((v) => Math.fround(v) * factor),
        at,
      );
    at += size;
  });
  return { state, slots };
}

const batchOf = (step: number): Uint32Array =>
  Uint32Array.from({ length: batch }, (_, i) => (step * batch + i * 7) % nRows);

let tfjs: TfjsExecutor;
beforeAll(async () => {
  tfjs = await openTfjs();
});

describe.each(cases)('$name', (c) => {
  test.each([true, false])('the losses of 100 steps are those of PyTorch (fused optimiser: %s)', async (isFused) => {
    const options = optionsFor(c, isFused);
    const { state } = stateFor(options);
    const clipping = { clipNorm: options.clipNorm, clipValue: options.clipValue };
    const optimizer = isFused ? await FusedOptimizer.open({ ...options.optimizer, ...clipping }, state) : undefined;
    const memory = { state: optimizer?.state ?? state, pool: new Float32Array(1), ...(optimizer && { optimizer }) };
    const stepper = await Stepper.open(options, rowsFor(c.head), memory, batch, { threads: 1 });
    for (let step = 0; step < c.losses.length; step++) {
      const loss = await stepper.step(batchOf(step), c.learningRate, step + 1, createRng(1));
      expect(Math.abs(loss - c.losses[step]!), `step ${step + 1}`).toBeLessThan(1e-4);
    }
    optimizer?.close();
  });

  test('a step on TensorFlow.js gives the same state', async () => {
    const options = optionsFor(c);
    const rows = rowsFor(c.head);
    const { state, slots } = stateFor(options);
    const { program } = stepProgram(options);
    const scalars = stepScalars(options.optimizer, c.learningRate, 1);
    const all: Record<string, { data: Float32Array | Int32Array; shape: readonly number[] }> = {
      X: { data: rows.X.data, shape: [nRows, nFeatures] },
      y: { data: rows.y, shape: [nRows, 1] },
      w: { data: rows.w, shape: [nRows, 1] },
      rows: { data: Int32Array.from(batchOf(0)), shape: [batch] },
      perRow: { data: Float32Array.of(1 / batch), shape: [1] },
      rate: { data: Float32Array.of(scalars.rate), shape: [1] },
      epsilon: { data: Float32Array.of(scalars.epsilon), shape: [1] },
      keep: { data: Float32Array.of(scalars.keep), shape: [1] },
      theta: { data: state.theta.slice(), shape: [state.theta.length] },
      running: { data: state.running.slice(), shape: [state.running.length] },
    };
    let at = 0;
    slots.forEach(({ shape }, k) => (all[`p${k}`] = { data: state.theta.slice(at, (at += sizeOf(shape))), shape }));
    state.averages.forEach((values, k) => (all[`s${k}`] = { data: values.slice(), shape: [values.length] }));
    const feeds = Object.fromEntries([...inputsOf(program).keys()].map((name) => [name, all[name]!]));
    const theirs = await (await tfjs.compile(program)).run(feeds);
    const stepper = await Stepper.open(options, rows, { state, pool: new Float32Array(1) }, batch, { threads: 1 });
    const loss = await stepper.step(batchOf(0), c.learningRate, 1, createRng(1));
    expect(theirs['loss']!.data[0]).toBeCloseTo(loss, 5);
    const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a, (v, i) => Math.abs(v - b[i]!)).reduce((most, v) => Math.max(most, v), 0);
    expect(worst(theirs['theta.next']!.data, state.theta)).toBeLessThan(2e-4);
    state.averages.forEach((values, k) => expect(worst(theirs[`s${k}.next`]!.data, values)).toBeLessThan(1e-5));
    expect(worst(theirs['running.next']?.data ?? [], state.running)).toBeLessThan(1e-5);
  });
});
