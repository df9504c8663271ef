import { expect, test } from 'vitest';
import { describePatch, flatten } from '../../../renderer/pages/train/describePatch.ts';
import { layerShapes } from '../../../renderer/pages/train/form/layers.ts';
import { addPoints, NO_SERIES, seriesOf } from '../../../renderer/pages/train/seriesStore.ts';

test('addPoints takes late and repeated points', () => {
  const first = addPoints(NO_SERIES, [
    { series: 'loss.train', step: 1, value: 3 },
    { series: 'loss.train', step: 3, value: 1 },
  ]);
  const second = addPoints(first, [
    { series: 'loss.train', step: 2, value: 2 },
    { series: 'loss.train', step: 3, value: 0.5 },
    { series: 'loss.holdOut', step: 1, value: 5 },
    { series: 'loss.validation', step: 1, value: 4 },
  ]);
  expect(second.get('loss.train')).toEqual({ steps: [1, 2, 3], values: [3, 2, 0.5] });
  expect(seriesOf(second, 'loss').map((s) => s.name)).toEqual(['train', 'holdOut', 'validation']);
  expect(first.get('loss.train')?.steps).toEqual([1, 3]);
  expect(addPoints(first, [])).toBe(first);
});

test('describePatch shows only what changes', () => {
  const yaml = 'model: {type: mlp, params: {activation: sigmoid, epochs: 20}}\n';
  expect(
    describePatch(yaml, { 'model.params.activation': 'relu', model: { params: { epochs: 20, clip: 1 } } }),
  ).toEqual([
    { kind: 'removed', text: 'model.params.activation: sigmoid' },
    { kind: 'added', text: 'model.params.activation: relu' },
    { kind: 'added', text: 'model.params.clip: 1' },
  ]);
  expect(flatten({ a: { b: [1], c: null } })).toEqual({ 'a.b': [1], 'a.c': null });
});

test.each([
  { name: 'dense and its biases', layers: [4, 2], nInputs: 3, want: [16, 10] },
  {
    name: 'normalisation and dropout keep the width',
    layers: [4, { type: 'batchNorm' }, { type: 'dropout', rate: 0.2 }],
    nInputs: 3,
    want: [16, 8, 0],
  },
  {
    name: 'residual of the same width has no projection',
    layers: [{ type: 'residual', units: 4 }],
    nInputs: 4,
    want: [40],
  },
  { name: 'unknown inputs', layers: [4, 2], nInputs: null, want: [null, 10] },
])('layerShapes: $name', ({ layers, nInputs, want }) => {
  expect(layerShapes(layers, nInputs).map((s) => s.nParameters)).toEqual(want);
});
