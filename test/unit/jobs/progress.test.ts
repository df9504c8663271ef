import { expect, test } from 'vitest';
import { ProgressClock } from '../../../main/jobs/progress.ts';

test('a steady job is told right', () => {
  const clock = new ProgressClock(0);
  for (let s = 1; s <= 10; s++) clock.add(s * 1000, s / 40);
  expect(clock.secondsLeft(10_000)).toBeCloseTo(30, 6);
});

test('nothing is told in the first second, under one percent, or without a total', () => {
  const clock = new ProgressClock(0);
  clock.add(500, 0.5);
  expect(clock.secondsLeft(900)).toBeNull();
  const slow = new ProgressClock(0);
  slow.add(5000, 0.005);
  expect(slow.secondsLeft(5000)).toBeNull();
  const unknown = new ProgressClock(0);
  expect(unknown.add(5000, null)).toBeNull();
  expect(unknown.secondsLeft(5000)).toBeNull();
});

test('the fraction never goes back and stays within one', () => {
  const clock = new ProgressClock(0);
  expect(clock.add(1000, 0.6)).toBe(0.6);
  expect(clock.add(2000, 0.2)).toBe(0.6);
  expect(clock.add(3000, null)).toBe(0.6);
  expect(clock.add(4000, 7)).toBe(1);
  expect(clock.secondsLeft(4000)).toBe(0);
});

test('a slow first step does not spoil the estimate: between the overall and the recent rate', () => {
  const clock = new ProgressClock(0);
  clock.add(60_000, 0.1);
  for (let s = 61; s <= 80; s++) clock.add(s * 1000, 0.1 + (s - 60) * 0.02);
  const left = clock.secondsLeft(80_000)!;
  expect(left).toBeGreaterThan(0.5 / 0.02);
  expect(left).toBeLessThan(0.5 / (0.5 / 80));
});
