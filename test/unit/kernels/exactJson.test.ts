import { expect, test } from 'vitest';
import { NotJsonError, readExact, writeExact } from '../../../main/kernels/exactJson.ts';

test.each([
  { name: 'NaN', value: NaN },
  { name: 'infinities in an array', value: [Infinity, 1, -Infinity] },
  { name: 'negative zero', value: { a: -0, b: 0 } },
  { name: 'the smallest and largest numbers', value: [Number.MIN_VALUE, Number.MAX_VALUE, 0.1 + 0.2] },
  { name: 'null beside NaN', value: { a: null, b: NaN, c: [null, NaN] } },
  { name: 'keys that look like ours', value: { $number: 'NaN', $$number: { $number: NaN } } },
  { name: 'such a key beside others', value: { $number: NaN, other: 1 } },
  { name: 'text', value: 'NaN "$number":' },
  { name: 'empty things', value: { a: [], b: {}, c: '' } },
])('$name comes back as it went in', ({ value }) => {
  expect(readExact(writeExact(value))).toStrictEqual(value);
});

test('a property that is undefined is absent', () => {
  expect(readExact(writeExact({ a: undefined, b: 1 }))).toStrictEqual({ b: 1 });
});

test.each([
  { name: 'undefined in an array', value: [1, undefined] },
  { name: 'undefined alone', value: undefined },
  { name: 'a function', value: { f: () => 1 } },
  { name: 'a big integer', value: { n: 1n } },
  { name: 'a symbol', value: [Symbol('s')] },
  { name: 'a typed array', value: { a: new Float64Array(2) } },
  { name: 'a map', value: new Map([[1, 2]]) },
  { name: 'a date', value: { at: new Date(0) } },
])('$name is an error, not null', ({ value }) => {
  expect(() => writeExact(value)).toThrow(NotJsonError);
});
