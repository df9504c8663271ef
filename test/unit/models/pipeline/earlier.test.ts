import { describe, expect, test } from 'vitest';
import { pack, unpack } from '../../../../main/kernels/pack.ts';
import { loadPipeline, type FittedPipeline } from '../../../../main/models/pipeline/pipeline.ts';
import { fitNasty, nastyTable } from '../../../contract/nasty.ts';

/** The bytes as the released version wrote them: version 1, plain JSON with null for NaN and the infinities. */
function asReleased(pipeline: FittedPipeline, spoil: (json: Saved) => unknown = (json) => json): Uint8Array {
  const { json, arrays } = unpack(pipeline.save());
  const bytes = pack(JSON.parse(JSON.stringify(spoil(json as Saved))), arrays);
  return bytes.with(4, 1);
}

interface Saved {
  readonly preprocessor: { readonly plans: readonly object[] };
  readonly fitted: { readonly json: object };
}

const fresh = nastyTable(200, 2, true);

describe.each(['decisionTree', 'randomForest', 'extraTrees', 'gradientBoosting'])('%s', (type) => {
  test('read from a file of the released version it takes gaps as it was fitted to', async () => {
    const fitted = await fitNasty(type, 'binary', {});
    const again = await loadPipeline(asReleased(fitted));
    expect(again.doubt).toBeNull();
    expect((await again.predictProba(fresh)).data).toEqual((await fitted.predictProba(fresh)).data);
  });
});

test('a model that fills gaps by itself is read as it was, too', async () => {
  const fitted = await fitNasty('logisticRegression', 'binary', { encode: 'target', impute: 'mean' });
  const again = await loadPipeline(asReleased(fitted));
  expect(again.doubt).toBeNull();
  expect((await again.predictProba(fresh)).data).toEqual((await fitted.predictProba(fresh)).data);
});

test.each([
  {
    name: 'a filling that was lost',
    spoil: ({ preprocessor, ...rest }: Saved) => ({
      ...rest,
      preprocessor: { ...preprocessor, plans: preprocessor.plans.map((plan) => ({ ...plan, fill: NaN })) },
    }),
  },
  {
    name: 'a number of the model that was lost',
    spoil: ({ fitted, ...rest }: Saved) => ({ ...rest, fitted: { ...fitted, json: { ...fitted.json, rho: NaN } } }),
  },
])('$name leaves a doubt, which is said', async ({ spoil }) => {
  const fitted = await fitNasty('logisticRegression', 'binary', {});
  expect((await loadPipeline(asReleased(fitted, spoil))).doubt).toMatch(/fit it again/);
  expect((await loadPipeline(fitted.save())).doubt).toBeNull();
});

test('numbers of the summary that were not known leave none', async () => {
  const fitted = await fitNasty('logisticRegression', 'binary', {});
  const bytes = asReleased(fitted, ({ fitted: own, ...rest }) => ({
    ...rest,
    fitted: { ...own, json: { ...own.json, summary: { oobScore: NaN } } },
  }));
  expect((await loadPipeline(bytes)).doubt).toBeNull();
});
