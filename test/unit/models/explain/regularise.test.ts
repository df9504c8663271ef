import { expect, test } from 'vitest';
import { regularisationOf } from '../../../../main/models/explain/regularise.ts';
import { estimatorEntry, estimatorSpecs } from '../../../../main/models/registry.ts';

test('what answers over-fitting is a configuration each model takes', async () => {
  for (const { type } of await estimatorSpecs()) {
    for (const { patch } of regularisationOf(type, {}, [])) {
      const model = patch['model'] as { type?: string; params: Record<string, unknown> };
      const { make } = await estimatorEntry(model.type ?? type);
      expect(() => make(model.params)).not.toThrow();
    }
  }
});

test.each([
  ['logisticRegression', { C: 10 }, [], { model: { params: { C: 1 } } }],
  ['ridge', { alpha: 0.1 }, [], { model: { params: { alpha: 1 } } }],
  ['svc', { C: 10 }, ['C'], { tune: { space: { C: [1, 10] } } }],
  [
    'gradientBoosting',
    { maxLeafNodes: 63 },
    [],
    { model: { params: { maxLeafNodes: 32, minSamplesLeaf: 40, l2Regularization: 1 } } },
  ],
] as const)('of %s', (type, params, searched, patch) => {
  expect(regularisationOf(type, params, searched)[0]!.patch).toEqual(patch);
});
