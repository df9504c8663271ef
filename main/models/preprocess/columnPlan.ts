import type { PreprocessConfig } from '../../contract/config.ts';
import type { ColumnType } from '../../contract/data.ts';
import type { ColumnRequest } from '../../data/readTable.ts';

/** A raw column a model uses. */
export interface InputColumn extends ColumnRequest {
  readonly type: ColumnType;
}

/** Which columns a model reads and as what: numbers and times as numbers, texts and truth values as categories. */
export function planColumns(
  columns: readonly { name: string; type: ColumnType }[],
  config: PreprocessConfig,
  leaveOut: readonly string[],
): InputColumn[] {
  return columns
    .filter(({ name }) => !leaveOut.includes(name))
    .map(({ name, type }) => {
      const wanted = config.types[name];
      const isCategory =
        wanted === undefined ? type === 'text' || type === 'boolean' : wanted === 'category' || wanted === 'text';
      return {
        name,
        type: wanted === 'date' ? 'time' : wanted === 'number' && type === 'time' ? 'number' : type,
        as: isCategory ? 'category' : 'number',
      };
    });
}
