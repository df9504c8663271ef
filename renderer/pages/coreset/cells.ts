import type { Cell } from '../../../main/contract/json.ts';

/** Whether column `k` holds numbers, so that its head stands at the right as they do. */
export const isNumberIn = (rows: readonly { readonly cells: readonly Cell[] }[], k: number): boolean =>
  typeof rows.find(({ cells }) => cells[k] != null)?.cells[k] === 'number';
