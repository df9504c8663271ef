import type { Filter } from '../../../main/contract/data.ts';

/** One condition as AG Grid's text and number filters give it. */
interface GridCondition {
  readonly type?: string | null;
  readonly filter?: string | number | null;
  readonly filterTo?: number | null;
}

/** AG Grid's filter model as the engine's filters; conditions it does not know are left out. */
export function toFilters(model: Readonly<Record<string, unknown>>, nameOf: (colId: string) => string): Filter[] {
  return Object.entries(model).flatMap(([colId, condition]) => toFilter(nameOf(colId), condition as GridCondition));
}

function toFilter(column: string, { type, filter, filterTo }: GridCondition): Filter[] {
  switch (type) {
    case 'blank':
      return [{ column, op: 'isMissing' }];
    case 'notBlank':
      return [{ column, op: 'isPresent' }];
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return [{ column, op: type, value: String(filter ?? '') }];
    case 'equals':
      return [{ column, op: 'equals', value: filter ?? null }];
    case 'notEqual':
      return [{ column, op: 'notEquals', value: filter ?? null }];
    case 'lessThan':
      return [{ column, op: 'less', value: filter ?? null }];
    case 'lessThanOrEqual':
      return [{ column, op: 'lessOrEqual', value: filter ?? null }];
    case 'greaterThan':
      return [{ column, op: 'greater', value: filter ?? null }];
    case 'greaterThanOrEqual':
      return [{ column, op: 'greaterOrEqual', value: filter ?? null }];
    case 'inRange':
      return [{ column, op: 'between', from: Number(filter), to: Number(filterTo) }];
    default:
      return [];
  }
}
