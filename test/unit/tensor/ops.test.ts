import { beforeAll, describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../../main/kernels/rng.ts';
import { OrtExecutor } from '../../../main/tensor/executors/ort.ts';
import type { Feed } from '../../../main/tensor/executors/executor.ts';
import { openTfjs, type TfjsExecutor } from '../../../main/tensor/executors/tfjs.ts';
import { gradients } from '../../../main/tensor/gradients.ts';
import * as el from '../../../main/tensor/ops/elementwise.ts';
import { affine, matMul, transpose } from '../../../main/tensor/ops/linear.ts';
import { crossEntropy, logLoss } from '../../../main/tensor/ops/loss.ts';
import { max } from '../../../main/tensor/ops/max.ts';
import { broadcastLike, sum } from '../../../main/tensor/ops/sum.ts';
import { gather, logSoftmax, window } from '../../../main/tensor/ops/rows.ts';
import { concat, pad, reshape, slice } from '../../../main/tensor/ops/shape.ts';
import { constant, input, type Shape, type Tensor } from '../../../main/tensor/program.ts';

interface OpCase {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly build: (...x: Tensor[]) => Tensor;
  /** Values of the inputs; standard normal when left out. */
  readonly draw?: (rng: Rng) => number;
  /** Relative tolerance of the finite difference check; float32 inside needs more. */
  readonly within?: number;
}

const positive = (rng: Rng) => 0.3 + rng.uniform();
// Away from 0, where |x|, relu and sign have no slope.
const apart = (rng: Rng) => (rng.uniform() < 0.5 ? -1 : 1) * (0.2 + rng.uniform());

const cases: readonly OpCase[] = [
  { name: 'add', shapes: [[3, 4], [4]], build: (a, b) => el.add(a!, b!) },
  {
    name: 'sub',
    shapes: [
      [3, 1],
      [3, 4],
    ],
    build: (a, b) => el.sub(a!, b!),
  },
  {
    name: 'mul',
    shapes: [
      [3, 4],
      [3, 1],
    ],
    build: (a, b) => el.mul(a!, b!),
  },
  { name: 'mul by a number', shapes: [[3, 4]], build: (a) => el.mul(a!, 2.5) },
  {
    name: 'div',
    shapes: [
      [3, 4],
      [1, 4],
    ],
    build: (a, b) => el.div(a!, b!),
    draw: positive,
  },
  { name: 'maximum', shapes: [[3, 4], [4]], build: (a, b) => el.maximum(a!, b!) },
  { name: 'minimum', shapes: [[3, 4], []], build: (a, b) => el.minimum(a!, b!) },
  { name: 'neg', shapes: [[5]], build: (a) => el.neg(a!) },
  { name: 'exp', shapes: [[5]], build: (a) => el.exp(a!) },
  { name: 'log', shapes: [[5]], build: (a) => el.log(a!), draw: positive },
  { name: 'sqrt', shapes: [[5]], build: (a) => el.sqrt(a!), draw: positive },
  { name: 'abs', shapes: [[5]], build: (a) => el.abs(a!), draw: apart },
  { name: 'relu', shapes: [[5]], build: (a) => el.relu(a!), draw: apart },
  { name: 'sigmoid', shapes: [[5]], build: (a) => el.sigmoid(a!) },
  { name: 'tanh', shapes: [[5]], build: (a) => el.tanh(a!) },
  { name: 'softplus', shapes: [[5]], build: (a) => el.softplus(a!) },
  { name: 'erf', shapes: [[5]], build: (a) => el.erf(a!), within: 2e-3 },
  {
    name: 'matMul',
    shapes: [
      [3, 4],
      [4, 2],
    ],
    build: (a, b) => matMul(a!, b!),
  },
  {
    name: 'matMul of a transpose',
    shapes: [
      [4, 3],
      [4, 2],
    ],
    build: (a, b) => matMul(transpose(a!), b!),
  },
  {
    name: 'matMul by a transpose',
    shapes: [
      [3, 4],
      [2, 4],
    ],
    build: (a, b) => matMul(a!, transpose(b!)),
  },
  {
    name: 'matMul of two transposes',
    shapes: [
      [4, 3],
      [2, 4],
    ],
    build: (a, b) => matMul(transpose(a!), transpose(b!)),
  },
  { name: 'affine', shapes: [[3, 4], [4, 2], [2]], build: (x, W, b) => affine(x!, W!, b!) },
  { name: 'leakyRelu', shapes: [[6]], build: (a) => el.leakyRelu(a!), draw: apart },
  { name: 'elu', shapes: [[6]], build: (a) => el.elu(a!), draw: apart },
  { name: 'gelu', shapes: [[6]], build: (a) => el.gelu(a!), within: 2e-3 },
  { name: 'logLoss', shapes: [[6]], build: (z) => logLoss(z!, constant([0, 1, 1, 0, 1, 0], [6])) },
  {
    name: 'crossEntropy',
    shapes: [[3, 4]],
    build: (z) => crossEntropy(z!, constant([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1], [3, 4])),
  },
  {
    name: 'a repeated value in a product',
    shapes: [
      [1, 4],
      [3, 4],
    ],
    build: (a, b) => el.mul(broadcastLike(a!, b!), b!),
  },
  { name: 'column sums, kept', shapes: [[3, 4]], build: (a) => el.mul(sum(a!, [0], true), sum(a!, [0])) },
  { name: 'transpose', shapes: [[3, 4]], build: (a) => transpose(a!) },
  { name: 'sum', shapes: [[3, 4]], build: (a) => sum(a!) },
  { name: 'sum of rows', shapes: [[3, 4]], build: (a) => sum(a!, [1]) },
  { name: 'sum of columns, kept', shapes: [[3, 4]], build: (a) => sum(a!, [0], true) },
  { name: 'max of rows', shapes: [[3, 4]], build: (a) => max(a!, [1], true) },
  { name: 'logSoftmax', shapes: [[3, 4]], build: (a) => logSoftmax(a!) },
  { name: 'reshape', shapes: [[3, 4]], build: (a) => reshape(a!, [2, 6]) },
  {
    name: 'concat',
    shapes: [
      [3, 2],
      [3, 4],
    ],
    build: (a, b) => concat([a!, b!], 1),
  },
  { name: 'slice', shapes: [[5, 3]], build: (a) => slice(a!, 0, 1, 4) },
  { name: 'pad', shapes: [[2, 3]], build: (a) => pad(a!, 1, 2, 1) },
  {
    name: 'broadcastLike',
    shapes: [
      [1, 4],
      [3, 4],
    ],
    build: (a, b) => el.mul(broadcastLike(a!, b!), b!),
  },
  {
    name: 'a value used twice',
    shapes: [[3, 3]],
    build: (a) => el.add(matMul(a!, a!), el.mul(el.tanh(a!), a!)),
  },
];

const H = 1e-4;
let tfjs: TfjsExecutor;
const doubles = new OrtExecutor('float64', { threads: 1 });
const singles = new OrtExecutor('float32', { threads: 1 });

beforeAll(async () => {
  tfjs = await openTfjs();
});

function drawn(c: OpCase, seed: number) {
  const rng = createRng(seed);
  const draw = c.draw ?? ((r: Rng) => r.normal());
  const x = c.shapes.map((shape, i) => input(`x${i}`, shape));
  const data = c.shapes.map((shape) => Float64Array.from({ length: size(shape) }, () => Math.fround(draw(rng))));
  const y = c.build(...x);
  // A weighted sum, so that every output counts differently.
  const weights = Float64Array.from({ length: size(y.shape as number[]) }, () => Math.fround(rng.normal()));
  const total = sum(el.mul(y, constant(weights, y.shape as number[])));
  const outputs = { y, total, ...Object.fromEntries(gradients(total, x).map((g, i) => [`g${i}`, g])) };
  return { program: { outputs }, data };
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const feeds = (c: OpCase, data: readonly Float64Array[], isSingle: boolean): Record<string, Feed> =>
  Object.fromEntries(
    data.map((values, i) => [`x${i}`, { data: isSingle ? Float32Array.from(values) : values, shape: c.shapes[i]! }]),
  );

describe.each(cases)('$name', (c) => {
  test('its derivative is the limit of differences (float64)', async () => {
    const { program, data } = drawn(c, 1);
    const compiled = await doubles.compile(program);
    const exact = await compiled.run(feeds(c, data, false));
    for (let k = 0; k < data.length; k++) {
      for (let i = 0; i < data[k]!.length; i++) {
        const at = async (shift: number) => {
          const moved = data.map((values) => values.slice());
          moved[k]![i]! += shift;
          return (await compiled.run(feeds(c, moved, false)))['total']!.data[0]!;
        };
        const h = c.within ? 0.02 : H;
        const slope = ((await at(h)) - (await at(-h))) / (2 * h);
        const wanted = exact[`g${k}`]!.data[i]!;
        expect(Math.abs(slope - wanted)).toBeLessThan((c.within ?? 1e-6) * Math.max(1, Math.abs(wanted)));
      }
    }
  });

  test('both executors agree', async () => {
    const { program, data } = drawn(c, 2);
    const ours = await (await singles.compile(program)).run(feeds(c, data, true));
    const theirs = await (await tfjs.compile(program)).run(feeds(c, data, true));
    for (const name of Object.keys(program.outputs)) {
      expect(theirs[name]!.shape).toEqual(ours[name]!.shape);
      ours[name]!.data.forEach((v, i) => expect(theirs[name]!.data[i]).toBeCloseTo(v, 4));
    }
  });
});

describe('operations on data', () => {
  const run = async (y: Tensor, fed: Record<string, Feed>) => {
    const [ours, theirs] = [await singles.compile({ outputs: { y } }), await tfjs.compile({ outputs: { y } })];
    return [(await ours.run(fed))['y']!, (await theirs.run(fed))['y']!] as const;
  };

  test('gather picks rows', async () => {
    const y = gather(input('x', ['n', 2]), input('rows', ['k'], 'int32'));
    const fed = {
      x: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
      rows: { data: Int32Array.of(2, 0), shape: [2] },
    };
    for (const result of await run(y, fed)) expect([...result.data]).toEqual([5, 6, 1, 2]);
  });

  test('window cuts a stretch of the pool', async () => {
    const y = window(input('pool', [8]), input('start', [1], 'int32'), input('like', ['n', 5]), 2);
    const fed = {
      pool: { data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), shape: [8] },
      start: { data: Int32Array.of(3), shape: [1] },
      like: { data: new Float32Array(10), shape: [2, 5] },
    };
    for (const result of await run(y, fed)) {
      expect([...result.data]).toEqual([3, 4, 5, 6]);
      expect(result.shape).toEqual([2, 2]);
    }
  });

  test('comparisons are 0 and 1, and nothing flows back', async () => {
    const x = input('x', [3]);
    const total = sum(el.mul(el.greater(x, 0.5), el.stopGradient(x)));
    const fed = { x: { data: Float32Array.of(0, 1, 2), shape: [3] } };
    for (const result of await run(el.greater(x, 0.5), fed)) expect([...result.data]).toEqual([0, 1, 1]);
    for (const result of await run(gradients(total, [x])[0]!, fed)) expect([...result.data]).toEqual([0, 0, 0]);
  });
});

test.each<{ name: string; make: () => Tensor; says: RegExp }>([
  { name: 'add', make: () => el.add(input('a', [2, 3]), input('b', [2])), says: /add: shapes \(2, 3\) and \(2\)/ },
  {
    name: 'matMul',
    make: () => matMul(input('a', ['n', 3]), input('b', [4, 2])),
    says: /matMul: .*\(n, 3\).*\(4, 2\)/,
  },
  { name: 'reshape', make: () => reshape(input('a', ['n', 3]), ['n', 4] as Shape), says: /reshape: \(n, 3\)/ },
  { name: 'slice', make: () => slice(input('a', [3]), 0, 1, 5), says: /slice: \[1, 5\)/ },
  { name: 'concat', make: () => concat([input('a', [2, 3]), input('b', [3, 3])], 1), says: /concat: \(3, 3\)/ },
  { name: 'sum', make: () => sum(input('a', [2]), [1]), says: /no axis 1/ },
  { name: 'constant', make: () => constant([1, 2], [3]), says: /2 values/ },
])('shapes that do not fit are named: $name', ({ make, says }) => {
  expect(make).toThrow(says);
});

test('gradients of more than one number are refused', () => {
  expect(() => gradients(input('a', [2]), [])).toThrow(/not one number/);
});
