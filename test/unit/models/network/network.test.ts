import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../../main/jobs/config/checkConfig.ts';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { pack, unpack } from '../../../../main/kernels/pack.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { FittedState } from '../../../../main/models/estimator.ts';
import { initialWeights, initializerNames } from '../../../../main/models/network/initializers.ts';
import { neuralNetwork } from '../../../../main/models/network/neuralNetwork.ts';
import { Progress } from '../../../../main/models/network/progress.ts';
import { rateAt } from '../../../../main/models/network/schedules.ts';
import { OnnxGraph } from '../../../../main/tensor/onnxGraph.ts';
import { f32, openSession } from '../../../../main/tensor/session.ts';
import { binary, fitRing, train } from './rows.ts';

describe('layers', () => {
  test.each<{ name: string; layers: unknown[]; says: RegExp }>([
    { name: 'no units', layers: [8, { type: 'dense' }], says: /Layer 2 \(dense\): units/ },
    { name: 'unknown type', layers: [{ type: 'conv' }], says: /Layer 1 must be .*dense.*conv/ },
    { name: 'rate', layers: [8, { type: 'dropout', rate: 1 }], says: /Layer 2 \(dropout\): rate/ },
    { name: 'unknown key', layers: [{ type: 'dense', units: 3, wdth: 2 }], says: /Layer 1 \(dense\).*wdth/ },
    { name: 'units of 0', layers: [0], says: /Layer 1 \(dense\): units/ },
    { name: 'skip ahead', layers: [8, { type: 'skip', from: 2 }], says: /Layer 2 \(skip\): from/ },
    { name: 'late embedding', layers: [8, { type: 'embedding' }], says: /Layer 2 \(embedding\)/ },
  ])('a list that is wrong names the layer: $name', ({ layers, says }) => {
    expect(() => neuralNetwork.make({ layers })).toThrow(says);
  });

  test.each<{ name: string; layers: unknown[]; says: RegExp }>([
    {
      name: 'skip',
      layers: [8, 16, { type: 'skip', from: 1 }],
      says: /Layer 3 \(skip\) does not fit: layer 1 gives 8/,
    },
    { name: 'embedding of numbers', layers: [{ type: 'embedding' }], says: /Layer 1 \(embedding\).*encode/ },
  ])('shapes that do not fit name the layer: $name', async ({ layers, says }) => {
    await expect(fitRing({ layers })).rejects.toThrow(says);
  });

  test('every kind of layer trains and exports what it predicts', async () => {
    const layers = [
      { type: 'dense', units: 16, activation: 'tanh', initializer: 'orthogonal', l2: 1e-4 },
      { type: 'batchNorm' },
      { type: 'residual', units: 12, activation: 'gelu' },
      { type: 'residual', activation: 'elu' },
      { type: 'layerNorm' },
      { type: 'dropout', rate: 0.1 },
      { type: 'dense', units: 12, activation: 'leakyRelu' },
      { type: 'skip', from: 5 },
      { type: 'activation', activation: 'sigmoid' },
      { type: 'dense', units: 6, activation: 'softmax' },
    ];
    const { fitted, accuracy } = await fitRing({ layers, epochs: 30, learningRate: 0.01 });
    expect(accuracy).toBeGreaterThan(0.9);
    const graph = new OnnxGraph();
    graph.output('out', fitted.toOnnx(graph, graph.input('x', 'float32', ['n', 4])));
    const session = await openSession(graph, { threads: 1 });
    const { out } = await session.run({ x: f32(train.X.data as Float32Array, [1500, 4]) });
    const proba = (await fitted.predictProba(train.X)).data;
    (out!.data as Float32Array).forEach((p, i) => expect(Math.abs(p - proba[i]!)).toBeLessThan(1e-5));
  });
});

test('a category column is embedded; unseen and missing levels have an answer of their own', async () => {
  const rng = createRng(3);
  const good = [1, 4, 6, 7, 11];
  const n = 800;
  const data = new Float32Array(2 * n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const level = rng.int(12);
    const isMissing = rng.uniform() < 0.1;
    data[2 * i] = rng.normal();
    data[2 * i + 1] = isMissing ? NaN : level;
    y[i] = Number(isMissing || good.includes(level));
  }
  const features = [
    { name: 'noise', source: 'noise', kind: 'number' },
    { name: 'town', source: 'town', kind: 'category', nLevels: 12 },
  ] as const;
  const context = { rng: createRng(7), threads: 1, task: quietTask, features };
  const params = { layers: [{ type: 'embedding', units: 3 }, 16], learningRate: 0.01, epochs: 30 };
  const fitted = await neuralNetwork.make(params).fit(matrix(data, n, 2), y, binary, context);
  const rows = Float32Array.from([...Array(12).keys(), NaN, 99, -1].flatMap((code) => [0, code]));
  const predicted = await fitted.predict(matrix(rows, 15, 2));
  expect([...predicted]).toEqual([...Array(12).keys(), 99, 99, 99].map((k) => Number(k === 99 || good.includes(k))));
  const missing = matrix(Float32Array.of(NaN, 1), 1, 2);
  await expect(neuralNetwork.make(params).fit(missing, y.slice(0, 1), { task: 'regression' }, context)).rejects.toThrow(
    /Row 1 .*"noise"/,
  );
});

describe('checkpoints', () => {
  const params = {
    layers: [16, { type: 'batchNorm' }, { type: 'dropout', rate: 0.2 }, 8],
    epochs: 6,
    schedule: 'cosine',
    patience: 3,
  };

  test('a fit resumed from any epoch gives the same numbers', async () => {
    const saved: FittedState[] = [];
    const whole = await fitRing(params, { checkpoints: { save: (state) => void saved.push(state) } });
    expect(saved).toHaveLength(6);
    for (const at of [0, 3]) {
      const { arrays, ...rest } = saved[at]!;
      const read = unpack(pack(rest, arrays));
      const resumeFrom = { ...(read.json as FittedState), arrays: read.arrays };
      const resumed = await fitRing(params, { checkpoints: { resumeFrom, save: () => undefined } });
      expect(resumed.fitted.theta).toEqual(whole.fitted.theta);
      expect(resumed.fitted.running).toEqual(whole.fitted.running);
      expect(resumed.fitted.summary).toEqual(whole.fitted.summary);
    }
  });

  test('checkpoints hold copies that later epochs leave alone', async () => {
    const saved: { state: FittedState; copy: number }[] = [];
    await fitRing(params, {
      checkpoints: { save: (state) => void saved.push({ state, copy: state.arrays['theta']![0]! }) },
    });
    for (const { state, copy } of saved) expect(state.arrays['theta']![0]).toBe(copy);
    expect(new Set(saved.map(({ copy }) => copy)).size).toBe(saved.length);
  });
});

test('the same seed gives the same network, another seed another', async () => {
  const params = { layers: [8, { type: 'dropout', rate: 0.3 }], epochs: 3 };
  const [one, two, other] = [
    await fitRing(params),
    await fitRing(params),
    await fitRing(params, { rng: createRng(0) }),
  ];
  expect(two.fitted.theta).toEqual(one.fitted.theta);
  expect(other.fitted.theta).not.toEqual(one.fitted.theta);
});

test('class weights move the boundary as sample weights do', async () => {
  const params = { layers: [8], epochs: 5, earlyStopping: false };
  const byClass = await fitRing({ ...params, classWeight: { '0': 1, '1': 5 } });
  const byRow = await fitRing(params, { sampleWeight: train.y.map((k) => (k === 1 ? 5 : 1)) });
  expect(byRow.fitted.theta).toEqual(byClass.fitted.theta);
  const plain = await fitRing(params);
  const share = async ({ fitted }: typeof plain) => (await fitted.predict(train.X)).reduce((a, b) => a + b, 0);
  expect(await share(byClass)).toBeGreaterThan(await share(plain));
});

test('L1 and L2 pull weights towards zero, clipping bounds the gradient', async () => {
  const size = ({ fitted }: Awaited<ReturnType<typeof fitRing>>) => Math.hypot(...fitted.theta);
  const params = { layers: [16], epochs: 20, earlyStopping: false, learningRate: 0.01 };
  const plain = size(await fitRing(params));
  expect(size(await fitRing({ ...params, l2: 0.01 }))).toBeLessThan(0.8 * plain);
  expect(size(await fitRing({ ...params, l1: 0.01 }))).toBeLessThan(0.8 * plain);
  const slow = { ...params, optimizer: 'sgd', momentum: 0, learningRate: 0.001, epochs: 2 };
  const free = await fitRing(slow);
  const clipped = await fitRing({ ...slow, clipNorm: 1e-4 });
  expect(clipped.fitted.theta).not.toEqual(free.fitted.theta);
  expect(clipped.fitted.summary['loss']).toBeGreaterThan(free.fitted.summary['loss'] as number);
});

describe('initialisation', () => {
  test.each([
    { name: 'glorotUniform', variance: 2 / 300 },
    { name: 'glorotNormal', variance: 2 / 300 },
    { name: 'heUniform', variance: 2 / 100 },
    { name: 'heNormal', variance: 2 / 100 },
    { name: 'lecunUniform', variance: 1 / 100 },
    { name: 'lecunNormal', variance: 1 / 100 },
    { name: 'randomNormal', variance: 0.05 ** 2 },
    { name: 'randomUniform', variance: 0.05 ** 2 / 3 },
  ] as const)('$name has its variance', ({ name, variance }) => {
    const values = initialWeights(name, 100, 200, 'relu', createRng(1));
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const found = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    expect(Math.abs(found / variance - 1)).toBeLessThan(0.03);
    expect(Math.abs(mean)).toBeLessThan(0.03 * Math.sqrt(variance));
    expect(initializerNames).toContain(name);
  });

  test.each([
    [6, 4],
    [4, 6],
    [5, 5],
  ])('orthogonal %i × %i', (nIn, nOut) => {
    const W = initialWeights('orthogonal', nIn, nOut, 'relu', createRng(1));
    const isWide = nOut >= nIn;
    const at = (k: number, i: number) => (isWide ? W[k * nOut + i]! : W[i * nOut + k]!);
    for (let a = 0; a < Math.min(nIn, nOut); a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < Math.max(nIn, nOut); i++) dot += at(a, i) * at(b, i);
        expect(dot).toBeCloseTo(Number(a === b), 5);
      }
    }
  });
});

describe('schedules', () => {
  const at = (schedule: 'constant' | 'step' | 'cosine' | 'oneCycle' | 'plateau', step: number, drops = 0) =>
    rateAt(
      { schedule, learningRate: 0.1, dropEvery: 2, dropFactor: 0.5 },
      { epoch: Math.floor(step / 10), step, nSteps: 100, drops },
    );

  test('their values are those of PyTorch', () => {
    expect(at('constant', 50)).toBe(0.1);
    expect([0, 19, 20, 45].map((s) => at('step', s))).toEqual([0.1, 0.1, 0.05, 0.025]);
    expect([0, 50, 100].map((s) => at('cosine', s))).toEqual([0.1, 0.05, 0]);
    expect(at('plateau', 50, 2)).toBe(0.025);
    // OneCycleLR(max_lr=0.1, total_steps=100): get_last_lr() at steps 0, 10, 29, 60, 99.
    const torch = [0.004, 0.0295163948, 0.1, 0.058928009, 4e-7];
    [0, 10, 29, 60, 99].forEach((s, k) => expect(at('oneCycle', s)).toBeCloseTo(torch[k]!, 6));
  });

  test('a plateau lowers the rate, early stopping counts epochs without progress', () => {
    const options = { schedule: 'plateau', dropEvery: 2, earlyStopping: true, patience: 4, minDelta: 0.01 } as const;
    const progress = new Progress(options);
    const best = [1, 0.5, 0.499, 0.498, 0.6, 0.7].map((loss, i) => progress.add(i + 1, loss));
    expect(best).toEqual([true, true, true, true, false, false]);
    expect(progress.state).toMatchObject({ drops: 2, waited: 4, bestEpoch: 4, best: 0.498 });
    expect(progress.isOver).toBe(true);
  });
});

test('the configuration file names layer and line of every layer that is wrong', async () => {
  const yaml = [
    'data: {path: people.csv, target: income}',
    'model:',
    '  type: neuralNetwork',
    '  params:',
    '    layers:',
    '      - 32',
    '      - {type: dropout, rate: 2}',
    '      - {type: conv}',
  ].join('\n');
  const { problems } = await checkConfig(yaml, () => [{ name: 'income', type: 'text' }]);
  expect(problems.map(({ path, span }) => [path, span.line])).toEqual([
    ['model.params.layers.1', 7],
    ['model.params.layers.2', 8],
  ]);
  expect(problems[0]!.message).toMatch(/^Layer 2 \(dropout\): rate/);
});

test('an execution provider this machine does not have is told once, and the CPU goes on', async () => {
  const params = { layers: [8], epochs: 2 };
  const onCpu = await fitRing(params);
  const { fitted, log } = await fitRing(params, { provider: 'cuda' });
  expect(log.filter((line) => /"cuda".*going on with the CPU/.test(line))).toHaveLength(1);
  expect(fitted.theta).toEqual(onCpu.fitted.theta);
});
