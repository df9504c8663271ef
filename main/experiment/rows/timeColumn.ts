import type { ColumnType } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';

/** Columns named in a sentence. */
const MAX_NAMED = 5;

/** Throws AppError SPLIT_TIME_NOT_TIME for a column whose values have no order in time, naming columns that would do. */
export function refuseNoTime(time: string, columns: readonly { name: string; type: ColumnType }[]): void {
  const type = columns.find(({ name }) => name === time)?.type;
  if (type !== 'text' && type !== 'boolean') return;
  const named = (wanted: readonly ColumnType[]) => columns.filter((c) => wanted.includes(c.type)).map((c) => c.name);
  const times = named(['time']);
  const numbers = named(['integer', 'number']);
  const list = (names: readonly string[]) =>
    names.length > MAX_NAMED
      ? `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
      : names.join(', ');
  const wouldDo =
    times.length > 0
      ? `${list(times)} would do`
      : numbers.length > 0
        ? `a number that grows with time would do (${list(numbers)})`
        : 'no other column would do';
  const kind = type === 'text' ? 'text, whose order is that of the alphabet' : 'true or false, which is no time';
  const isDate =
    type === 'text' ? ` If it holds dates, import it as such (data.read.types: {${JSON.stringify(time)}: time}).` : '';
  throw new AppError({
    code: 'SPLIT_TIME_NOT_TIME',
    message: `split.time: "${time}" is ${kind}; ${wouldDo}, or rowOrder where the file is in order of time.${isDate}`,
    fix: {
      kind: 'setOption',
      label: times.length > 0 ? `Split by ${times[0]}` : 'Split by file order',
      args: { 'split.time': times[0] ?? 'rowOrder' },
    },
  });
}
