import type { Filter } from '../../contract/data.ts';
import type { Cell } from '../../contract/json.ts';

const WORDS: Readonly<Record<Filter['op'], string>> = {
  equals: 'is',
  notEquals: 'is not',
  less: '<',
  lessOrEqual: '≤',
  greater: '>',
  greaterOrEqual: '≥',
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  between: 'is between',
  isMissing: 'is missing',
  isPresent: 'is not missing',
  in: 'is one of',
};

/** A filter as a person says it: `age < 18`. */
export function filterWords(filter: Filter): string {
  const start = `${filter.column} ${WORDS[filter.op]}`;
  if ('value' in filter) return `${start} ${shown(filter.value)}`;
  if ('values' in filter) return `${start} ${filter.values.map(shown).join(', ')}`;
  return 'from' in filter ? `${start} ${filter.from} and ${filter.to}` : start;
}

const shown = (cell: Cell): string => (cell === null ? 'missing' : String(cell));
