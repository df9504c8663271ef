import { describe, expect, test } from 'vitest';
import { extent, linearScale, logScale, logTicks, niceTicks, spreadLabels } from '../../../renderer/charts/scales.ts';

describe('niceTicks', () => {
  test.each([
    { name: 'unit interval', min: 0, max: 1, count: 5, want: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    { name: 'no drift', min: 0, max: 0.3, count: 3, want: [0, 0.1, 0.2, 0.3] },
    { name: 'crosses zero', min: -4, max: 6, count: 5, want: [-4, -2, 0, 2, 4, 6] },
    { name: 'one point', min: 3, max: 3, count: 5, want: [3] },
    { name: 'not finite', min: Number.NaN, max: 3, count: 5, want: [] },
  ])('$name', ({ min, max, count, want }) => {
    expect(niceTicks(min, max, count)).toEqual(want);
  });
});

test.each([
  { name: 'decades', min: 1e-4, max: 10, want: [1e-4, 1e-3, 1e-2, 0.1, 1, 10] },
  { name: 'one decade gets 2 and 5', min: 1, max: 10, want: [1, 2, 5, 10] },
  { name: 'not positive', min: 0, max: 10, want: [] },
])('logTicks: $name', ({ min, max, want }) => {
  expect(logTicks(min, max)).toEqual(want);
});

test('scales map their domain onto the range, upside down too', () => {
  const linear = linearScale([0, 10], [100, 0]);
  expect([0, 5, 10].map(linear.toPixel)).toEqual([100, 50, 0]);
  const log = logScale([0.01, 100], [0, 100]);
  expect(log.toPixel(1)).toBeCloseTo(50, 10);
  expect(linearScale([2, 2], [0, 10]).toPixel(2)).toBe(5);
});

test('extent passes over what is missing', () => {
  expect(extent([null, 3, Number.NaN, -1, undefined, Infinity])).toEqual([-1, 3]);
  expect(extent([null])).toBeNull();
});

describe('spreadLabels', () => {
  test.each([
    { name: 'far apart stay', wanted: [10, 50], want: [10, 50] },
    { name: 'the same place', wanted: [50, 50], want: [50, 65] },
    { name: 'order kept, given unsorted', wanted: [52, 50], want: [65, 50] },
    { name: 'pushed back from the end', wanted: [98, 99], want: [85, 100] },
  ])('$name', ({ wanted, want }) => {
    expect(spreadLabels(wanted, 15, 0, 100)).toEqual(want);
  });

  test('never closer than the gap when there is room', () => {
    const placed = spreadLabels([3, 90, 4, 91, 5, 50], 12, 0, 100).sort((a, b) => a - b);
    for (let k = 1; k < placed.length; k++) expect(placed[k]! - placed[k - 1]!).toBeGreaterThanOrEqual(12 - 1e-9);
  });
});
