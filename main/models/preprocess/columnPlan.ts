import type { PreprocessConfig } from '../../contract/config.ts';
import type { ColumnType } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
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
  refuseUnbuilt(config);
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

/** Options the schema names that this version cannot do yet say so, with what can be used instead. */
function refuseUnbuilt(config: PreprocessConfig): void {
  const missing: [boolean, string, string][] = [
    [config.encode === 'target' || config.encode === 'hashing', `encode: ${config.encode}`, 'oneHot or ordinal'],
    [config.scale === 'power', 'scale: power', 'standard, minMax, robust or none'],
    [config.text === 'hashedNgrams', 'text: hashedNgrams', 'tfidf or drop'],
    [config.interactions, 'interactions: true', 'false'],
  ];
  for (const [isAsked, option, instead] of missing) {
    if (isAsked) {
      throw new AppError({
        code: 'NOT_AVAILABLE',
        message: `preprocess.${option} is not available in this version; use ${instead}.`,
        fix: { kind: 'setOption', label: `Use ${instead}` },
      });
    }
  }
}
