import { expect, test } from 'vitest';
import type { Filter } from '../../../main/contract/data.ts';
import { filterWords } from '../../../main/jobs/calls/filterWords.ts';

test.each<{ filter: Filter; says: string }>([
  { filter: { column: 'age', op: 'less', value: 18 }, says: 'age < 18' },
  { filter: { column: 'city', op: 'notEquals', value: 'Rome' }, says: 'city is not Rome' },
  { filter: { column: 'city', op: 'equals', value: null }, says: 'city is missing' },
  { filter: { column: 'city', op: 'isMissing' }, says: 'city is missing' },
  { filter: { column: 'age', op: 'between', from: 3, to: 4.5 }, says: 'age is between 3 and 4.5' },
  { filter: { column: 'city', op: 'in', values: ['Rome', 'Oslo'] }, says: 'city is one of Rome, Oslo' },
])('a filter in words: $says', ({ filter, says }) => {
  expect(filterWords(filter)).toBe(says);
});
