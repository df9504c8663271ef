import { describe, expect, test } from 'vitest';
import { CoresetConfig, RunConfig } from '../../../main/contract/config.ts';
import { buildSeconds } from '../../../main/coreset/buildCost.ts';
import { serviceNames } from '../../../main/coreset/services/service.ts';
import { settleCoreset } from '../../../main/experiment/coreset/auto.ts';
import { fitSeconds } from '../../../main/models/fitCost.ts';
import { estimatorEntry, estimatorSpecs } from '../../../main/models/registry.ts';

const C = { C: [0.01, 0.1, 1, 10] };
const trees = { learningRate: [0.05, 0.1], maxLeafNodes: [15, 31] };

interface Case {
  readonly model: string;
  readonly space?: object | undefined;
  readonly n: number;
  readonly p: number;
  readonly k?: number;
  readonly more?: object;
  readonly tune?: object;
  readonly uses: 'coreset' | 'allRows';
  readonly says: RegExp;
}

async function settle({ model, space, n, p, k = 2, more, tune }: Omit<Case, 'uses' | 'says'>) {
  const config = RunConfig.parse({
    data: { path: 'x.csv', target: 'y' },
    model: { type: model },
    ...(space && { tune: { space, ...tune } }),
    ...more,
  });
  return settleCoreset(config, await estimatorEntry(model), {
    nTrain: n,
    nValidation: Math.round(n / 4),
    nFeatures: p,
    nClasses: k,
  });
}

const bySmallCost =
  /^All [\d,]+ training rows are used: a coreset would cost about [\d.]+ s of computing, all rows about [\d.]+ s\.$/;
const byLargeCost =
  /^The search runs on a coreset of 2,000 of [\d,]+ training rows: that costs about [\d.]+ (s|min) of computing, all rows would cost about [\d.]+ (s|min|h)\.$/;

test.each<Case>([
  { model: 'logisticRegression', space: C, n: 3196, p: 40, uses: 'allRows', says: bySmallCost },
  { model: 'logisticRegression', space: C, n: 15_216, p: 10, uses: 'allRows', says: bySmallCost },
  { model: 'logisticRegression', space: C, n: 39_074, p: 108, uses: 'coreset', says: byLargeCost },
  { model: 'logisticRegression', space: C, n: 2_400_000, p: 40, uses: 'coreset', says: byLargeCost },
  { model: 'ridge', space: { alpha: [0.1, 1, 10] }, n: 16_512, p: 13, k: 0, uses: 'allRows', says: bySmallCost },
  { model: 'ridge', space: { alpha: [0.1, 1, 10] }, n: 3_000_000, p: 13, k: 0, uses: 'coreset', says: byLargeCost },
  { model: 'gradientBoosting', space: trees, n: 3342, p: 8, k: 0, uses: 'allRows', says: bySmallCost },
  { model: 'gradientBoosting', space: trees, n: 100_000, p: 20, uses: 'coreset', says: byLargeCost },
  { model: 'svc', space: C, n: 2400, p: 20, uses: 'allRows', says: bySmallCost },
  { model: 'svc', space: C, n: 12_000, p: 20, uses: 'coreset', says: byLargeCost },
  { model: 'neuralNetwork', space: { l2: [0, 0.01] }, n: 4000, p: 20, uses: 'allRows', says: bySmallCost },
  { model: 'neuralNetwork', space: { l2: [0, 0.01] }, n: 400_000, p: 20, uses: 'coreset', says: byLargeCost },
  { model: 'kMeans', space: { nClusters: [3, 5, 8] }, n: 3000, p: 10, k: 0, uses: 'allRows', says: bySmallCost },
  { model: 'kMeans', space: { nClusters: [3, 5, 8] }, n: 2_000_000, p: 10, k: 0, uses: 'coreset', says: byLargeCost },
  {
    model: 'ridge',
    n: 5_000_000,
    p: 50,
    k: 0,
    uses: 'allRows',
    says: /nothing is searched, so a coreset would be an extra cost\.$/,
  },
  {
    model: 'ridge',
    space: { alpha: [1, 2] },
    tune: { method: 'none' },
    n: 5_000_000,
    p: 50,
    k: 0,
    uses: 'allRows',
    says: /nothing is searched/,
  },
  {
    model: 'gradientBoosting',
    space: trees,
    tune: { on: 'full' },
    n: 500_000,
    p: 50,
    uses: 'allRows',
    says: /the search is to run on all of them\.$/,
  },
  {
    model: 'svc',
    space: C,
    n: 1500,
    p: 4,
    uses: 'allRows',
    says: /a coreset of 1,500 would hold every one of them\.$/,
  },
  { model: 'svc', n: 3_000_000, p: 4, uses: 'coreset', says: /kernel matrix of all rows is larger than the memory/ },
])('auto: $model, $n × $p: $uses', async ({ uses, says, ...rest }) => {
  const { config, choice } = await settle(rest);
  expect(choice).toMatchObject({ uses, note: expect.stringMatching(says) as string });
  expect(config.coreset).toEqual(uses === 'coreset' && CoresetConfig.parse({ size: 2000, seed: 42 }));
});

test.each([{ coreset: { size: 300 } }, { coreset: {} }, { coreset: false }])(
  '%j is left as it is, without a word',
  async (more) => {
    const { config, choice } = await settle({ model: 'ridge', n: 3000, p: 4, k: 0, more });
    expect(choice).toBeNull();
    expect(config.coreset).toEqual(RunConfig.shape.coreset.parse(more.coreset));
  },
);

test('what makes a search longer makes a coreset likelier, and the cheaper of the two is taken', async () => {
  const at = async (n: number, trials: number) =>
    (await settle({ model: 'gradientBoosting', space: trees, tune: { method: 'random', trials }, n, p: 20 })).choice!;
  const sizes = [2100, 4000, 8000, 16_000, 32_000, 64_000, 128_000];
  for (const trials of [2, 8, 64]) {
    const found = await Promise.all(sizes.map((n) => at(n, trials)));
    for (const { uses, cost } of found) expect(uses).toBe(cost!.coreset < cost!.allRows ? 'coreset' : 'allRows');
    // Once a coreset pays it pays for every larger table.
    expect(found.map(({ uses }) => uses).join()).toMatch(/^(allRows,?)*(coreset,?)*$/);
  }
  const paysFrom = async (trials: number) => {
    const found = await Promise.all(sizes.map((n) => at(n, trials)));
    return found.findIndex(({ uses }) => uses === 'coreset');
  };
  expect(await paysFrom(64)).toBeLessThan(await paysFrom(2));
});

test('the same configuration and counts give the same decision and the same numbers', async () => {
  const once = () => settle({ model: 'logisticRegression', space: C, tune: { method: 'bayesian' }, n: 30_000, p: 40 });
  expect((await once()).choice).toEqual((await once()).choice);
});

describe('costs', () => {
  test('every estimator has one, which grows with rows and features', async () => {
    const specs = await estimatorSpecs();
    const costs = specs.map(({ type, tasks }) => {
      const nClasses = tasks.includes('binary') ? 2 : 0;
      const at = (nRows: number, nFeatures: number) => fitSeconds(type, { nRows, nFeatures, nClasses }, {});
      return { type, small: at(1000, 10), long: at(50_000, 10), wide: at(1000, 100) };
    });
    const isWrong = ({ type, small, long, wide }: (typeof costs)[number]) =>
      type === 'baseline' ? small <= 0 : !(small > 0 && long > small && wide > small);
    expect(costs.filter(isWrong)).toEqual([]);
  });

  test.each(serviceNames)('a coreset for %s has one, which grows with rows', (service) => {
    const at = (nRows: number) => buildSeconds(service, { nRows, nFeatures: 10, nClasses: 3, size: 2000 });
    expect(at(1000)).toBeGreaterThan(0);
    expect(at(1_000_000)).toBeGreaterThan(at(1000));
  });
});
