import { describe, expect, test } from 'vitest';
import type { FittedState } from '../../../../main/models/estimator.ts';
import { fitRing } from './rows.ts';

interface Params {
  readonly [name: string]: unknown;
}

const deep = Array.from({ length: 20 }, () => 16);
const wild = Array.from({ length: 6 }, () => ({
  type: 'dense',
  units: 32,
  initializer: 'randomNormal',
  initializerStd: 3,
}));

const cases: readonly {
  readonly name: string;
  readonly code: string;
  readonly params: Params;
  readonly few?: RegExp;
}[] = [
  {
    name: '20 sigmoid layers vanish',
    code: 'VANISHING_GRADIENT',
    params: { layers: deep, activation: 'sigmoid', epochs: 30 },
  },
  {
    name: 'sigmoid named by each layer vanishes too',
    code: 'VANISHING_GRADIENT',
    params: { layers: deep.map((units) => ({ type: 'dense', units, activation: 'sigmoid' })), epochs: 30 },
  },
  {
    name: 'a learning rate of 10 explodes with adam',
    code: 'EXPLODING_GRADIENT',
    params: { layers: [32, 16], learningRate: 10, epochs: 20 },
  },
  {
    name: 'a learning rate of 10 explodes with sgd',
    code: 'EXPLODING_GRADIENT',
    params: { layers: [32, 16], optimizer: 'sgd', learningRate: 10, epochs: 20 },
  },
  {
    name: 'a bad initialisation explodes',
    code: 'EXPLODING_GRADIENT',
    params: { layers: wild, optimizer: 'sgd', learningRate: 0.01, epochs: 20 },
  },
];

describe.each(cases)('$name', ({ code, params }) => {
  test('it is named, with evidence, and every remedy brings the accuracy back', async () => {
    const told: { code: string; after: number }[] = [];
    const epochs: string[] = [];
    const sick = await fitRing(params, {
      onFinding: (found) => told.push({ code: found.code, after: epochs.length }),
      checkpoints: { save: () => void epochs.push('done') },
    });
    // While it trains, once, with what can be done.
    expect(told.filter((found) => found.code === code)).toHaveLength(1);
    const nEpochs = sick.fitted.summary['epochs'] as number;
    expect(told[0]!.after).toBeLessThan(Math.max(2, nEpochs));
    const finding = sick.fitted.findings.find((found) => found.code === code)!;
    expect(finding).toBeDefined();
    expect(sick.accuracy).toBeLessThan(0.7);
    expect(sick.log.join('\n')).toContain(finding.title);
    expect(finding.remedies.length).toBeGreaterThanOrEqual(2);
    const cured = [];
    for (const { label, patch } of finding.remedies) {
      const changes = (patch as { model: { params: Params } }).model.params;
      const { fitted, accuracy } = await fitRing({ ...params, ...changes });
      cured.push({ label, isWell: accuracy > 0.85, isNamed: fitted.findings.some((found) => found.code === code) });
    }
    expect(cured).toEqual(finding.remedies.map(({ label }) => ({ label, isWell: true, isNamed: false })));
  });
});

test.each<{ name: string; params: Params }>([
  { name: 'the preset', params: {} },
  { name: 'tanh', params: { activation: 'tanh' } },
  { name: 'eight layers', params: { layers: Array.from({ length: 8 }, () => 32) } },
])('a healthy network has no findings: $name', async ({ params }) => {
  const { fitted, accuracy } = await fitRing(params);
  expect(fitted.findings).toEqual([]);
  expect(accuracy).toBeGreaterThan(0.92);
});

test('a loss that stops being a number ends training with the best epoch before', async () => {
  const options = { layers: [32, 32, 32], optimizer: 'sgd', learningRate: 0.05 };
  const saved: FittedState[] = [];
  const good = await fitRing({ ...options, epochs: 3 }, { checkpoints: { save: (state) => void saved.push(state) } });
  // Going on with steps a million times longer.
  const resumed = { resumeFrom: saved[2]!, save: () => undefined };
  const { fitted, log } = await fitRing({ ...options, epochs: 30, learningRate: 1e5 }, { checkpoints: resumed });
  expect(fitted.summary).toMatchObject({ stopped: 'exploded', epochs: 4, bestEpoch: good.fitted.summary['bestEpoch'] });
  expect(fitted.theta).toEqual(good.fitted.theta);
  expect(fitted.findings[0]).toMatchObject({ code: 'EXPLODING_GRADIENT', severity: 'error' });
  expect(log.join()).toMatch(/The loss stopped being a number in epoch 4.*The best epoch before is kept/);
});

test('points of every epoch: losses and each layer', async () => {
  const { series } = await fitRing({ layers: [8, 4], epochs: 3 });
  const steps = (name: string) => series.get(name)?.map(([step]) => step);
  for (const name of ['loss.train', 'loss.holdOut', 'learningRate']) expect(steps(name)).toEqual([1, 2, 3]);
  for (const layer of ['dense1', 'dense2', 'output']) {
    expect(steps(`gradNorm.${layer}`)).toEqual([1, 2, 3]);
    expect(steps(`updateRatio.${layer}`)).toEqual([1, 2, 3]);
  }
  expect(steps('idleShare.dense1')).toEqual([1, 2, 3]);
  expect(series.has('idleShare.output')).toBe(false);
});
