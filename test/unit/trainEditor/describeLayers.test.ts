import { expect, test } from 'vitest';
import { describeLayers } from '../../../renderer/pages/train/describeLayers.ts';
import { describePatch } from '../../../renderer/pages/train/describePatch.ts';

const dense = { type: 'dense', units: 32, activation: 'sigmoid' };

test('short lists of layers are shown as they stand, long ones with their repetitions counted', () => {
  expect(describeLayers([64, 32])).toBe('[64,32]');
  expect(describeLayers(Array.from({ length: 20 }, () => dense))).toBe('20 × dense 32 sigmoid');
  expect(describeLayers(Array.from({ length: 20 }, () => [32, { type: 'batchNorm' }]).flat())).toBe(
    '20 × (dense 32, batchNorm)',
  );
  const mixed = [
    64,
    ...Array.from({ length: 19 }, () => ({ type: 'residual', units: 32 })),
    { type: 'dropout', rate: 0.1 },
  ];
  expect(describeLayers(mixed)).toBe('dense 64, 19 × residual 32, dropout 0.1');
  expect(describeLayers([dense, { ...dense, l2: 0.001 }, 8])).toBe(
    'dense 32 sigmoid, dense 32 sigmoid l2 0.001, dense 8',
  );
});

test('the change a remedy makes to a long list fits on two lines', () => {
  const yaml = `model: {type: neuralNetwork, params: {layers: [${Array(20).fill(32).join(', ')}]}}`;
  const layers = [32, ...Array.from({ length: 19 }, () => ({ type: 'residual', units: 32 }))];
  expect(describePatch(yaml, { model: { params: { layers } } })).toEqual([
    { kind: 'removed', text: 'model.params.layers: 20 × dense 32' },
    { kind: 'added', text: 'model.params.layers: dense 32, 19 × residual 32' },
  ]);
});
