import { expect, test } from 'vitest';
import {
  formatNullable,
  formatSpace,
  parseList,
  parseNullable,
  parseNumber,
  parseSpace,
  readValues,
  valueAt,
} from '../../../renderer/pages/train/form/values.ts';

test.each([
  ['0.5', 0.5],
  ['1e-3', 0.001],
  ['−2', -2],
  ['', undefined],
  ['abc', 'abc'],
])('parseNumber(%j)', (text, want) => {
  expect(parseNumber(text)).toBe(want);
});

test('parseList reads what a person types', () => {
  expect(parseList('[0.01, auto, true, null, "a b"]')).toEqual([0.01, 'auto', true, null, 'a b']);
  expect(parseList(' ')).toEqual([]);
});

test.each([
  { text: '0.01, 1, 100', want: [0.01, 1, 100] },
  { text: '0.01 … 100 log', want: { min: 0.01, max: 100, log: true } },
  { text: '2 to 10 int', want: { min: 2, max: 10, int: true } },
  { text: '[[64], [64, 32]]', want: [[64], [64, 32]] },
  { text: '', want: undefined },
])('parseSpace(%j)', ({ text, want }) => {
  expect(parseSpace(text)).toEqual(want);
});

test.each([{ value: [1, 'a', null] }, { value: { min: 0, max: 1, log: true } }])(
  'space $value survives the form',
  ({ value }) => {
    expect(parseSpace(formatSpace(value))).toEqual(value);
  },
);

test.each([null, 31, undefined])('a nullable number %s survives the form', (value) => {
  expect(parseNullable(formatNullable(value))).toBe(value);
});

test('readValues never throws', () => {
  expect(valueAt(readValues('a: {b: [1, 2]}'), 'a.b')).toEqual([1, 2]);
  expect(readValues('a: *nowhere')).toEqual({});
  expect(readValues('- 1')).toEqual({});
  expect(valueAt(readValues('a: 1'), 'a.b.c')).toBeUndefined();
});
