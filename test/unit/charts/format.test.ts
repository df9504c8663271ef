import { expect, test } from 'vitest';
import {
  formatAligned,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatParam,
  formatShare,
  formatShareTick,
  formatSigned,
  formatValue,
} from '../../../renderer/charts/format.ts';
import { humanise, inReadingOrder, metricName } from '../../../renderer/charts/metricNames.ts';

test.each([
  [0.90714, '0.9071'],
  [12.3456, '12.35'],
  [48842, '48,842'],
  [1.9, '1.900'],
  [2, '2'],
  [-0.5, '−0.5000'],
  [0.000031, '3.1e−5'],
  [0, '0'],
  [null, '–'],
  [Number.NaN, '–'],
  [-Infinity, '−∞'],
])('formatValue(%s) is %s', (value, want) => {
  expect(formatValue(value)).toBe(want);
});

test.each([
  [0.7716, 0.898, '0.772 to 0.898'],
  [1e-15, 0.019, '0.000 to 0.019'],
  [0, 0.667, '0 to 0.667'],
  [0.9873, 1, '0.987 to 1'],
  [1e-8, 3e-5, '1e−8 to 3e−5'],
])('formatInterval(%s, %s) is %s', (low, high, want) => {
  expect(formatInterval(low, high, 3)).toBe(want);
});

test.each([
  { values: [0.1173, 0.00006, -0.0007, -0.00001], isSigned: false, want: ['0.1173', '0.0001', '−0.0007', '0.0000'] },
  { values: [1.287, -0.0402, 0], isSigned: true, want: ['+1.287', '−0.040', '0.000'] },
  { values: [-51577.2, 114.4], isSigned: true, want: ['−51,577', '+114'] },
  { values: [1200, 3], isSigned: false, want: ['1,200', '3'] },
])('formatAligned of $values', ({ values, isSigned, want }) => {
  expect(values.map(formatAligned(values, isSigned))).toEqual(want);
});

test.each([
  [0.24, '24 %'],
  [0.0002, '0.020 %'],
  [0.9998, '99.98 %'],
  [1, '100 %'],
  [0, '0 %'],
  [0.0000001, '< 0.0001 %'],
])('formatShare(%s) is %s', (share, want) => {
  expect(formatShare(share)).toBe(want);
});

test.each([
  [0.4, '< 1 ms'],
  [820, '820 ms'],
  [1530, '1.5 s'],
  [14_600, '15 s'],
  [59_990, '1 min 0 s'],
  [166_000, '2 min 46 s'],
  [11_520_000, '3 h 12 min'],
])('formatDuration(%s) is %s', (ms, want) => {
  expect(formatDuration(ms)).toBe(want);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1536, '1.5 kB'],
  [999_900, '1 MB'],
  [21_400_000, '21 MB'],
])('formatBytes(%s) is %s', (bytes, want) => {
  expect(formatBytes(bytes)).toBe(want);
});

test('signs, counts and parameters', () => {
  expect(formatSigned(0.0002)).toBe('+0.0002');
  expect(formatSigned(-0.0058)).toBe('−0.0058');
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatParam(10000)).toBe('10000');
  expect(formatParam(0.32)).toBe('0.32');
  expect(formatShareTick(0.001)).toBe('0.1 %');
  expect(formatParam(null)).toBe('none');
  expect(formatParam([64, 32])).toBe('[64,32]');
});

test('metric names and their order', () => {
  expect(metricName('rmse')).toEqual({ label: 'RMSE', isHigherBetter: false });
  expect(metricName('poissonLoss').isHigherBetter).toBe(false);
  expect(humanise('layer12')).toBe('Layer 12');
  expect(humanise('minSamplesLeaf')).toBe('Min samples leaf');
  expect(inReadingOrder(['zeta', 'brier', 'rocAuc', 'alpha'])).toEqual(['rocAuc', 'brier', 'alpha', 'zeta']);
});
