import { expect, test } from 'vitest';
import { strictJson } from '../../../main/contract/strictJson.ts';

test('writes what JSON.stringify writes', () => {
  const value = { a: [1, null, 'x', true], b: { c: undefined }, at: new Date(0) };
  expect(strictJson(value)).toBe(JSON.stringify(value));
  expect(strictJson(value, 2)).toBe(JSON.stringify(value, null, 2));
});

test.each([
  { name: 'NaN', value: { mean: NaN } },
  { name: 'an infinity', value: [Infinity] },
  { name: 'undefined in an array', value: [undefined] },
  { name: 'undefined alone', value: undefined },
  { name: 'a function', value: { f: () => 1 } },
  { name: 'a set', value: { s: new Set([1]) } },
  { name: 'a typed array', value: { a: new Float32Array(1) } },
])('$name is an error that names its place', ({ value }) => {
  expect(() => strictJson(value)).toThrow(/cannot be written as JSON/);
});
