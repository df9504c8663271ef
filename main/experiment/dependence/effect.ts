import { SplitConfig } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import { readTable } from '../../data/readTable.ts';
import { splitRows } from '../../data/split.ts';
import type { TargetAnalysis } from '../../data/targets.ts';
import { columnOf } from '../../kernels/table.ts';
import type { HonestSplit } from './advice.ts';

/** Larger tables are not split to see what comes of it: reading their columns takes longer than all of the rest. */
const MAX_ROWS = 500_000;

/** What a split does to the parts and classes. */
export interface SplitEffect {
  /** A run would refuse it. */
  readonly isRefused: boolean;
  /** Sentences; empty where there is nothing to say. */
  readonly text: string;
}

/** Splits the version's rows as a run with `split` would, and says what a person should know before they choose it. */
export async function effectOf(
  file: string,
  target: string,
  { task, classes: classNames, nRows }: TargetAnalysis,
  split: HonestSplit,
  base: SplitConfig = SplitConfig.parse({}),
): Promise<SplitEffect> {
  if (nRows > MAX_ROWS) return { isRefused: false, text: '' };
  const by = 'group' in split ? split.group : split.time === 'rowOrder' ? null : split.time;
  const table = await readTable(file, [
    { name: target, as: task === 'regression' ? 'number' : 'category' },
    ...(by === null ? [] : [{ name: by, as: 'group' in split ? ('category' as const) : ('number' as const) }]),
  ]);
  const y = columnOf(table, target);
  const index = new Map(classNames.map((name, k) => [name, k]));
  const valueOf = (i: number) => (y.kind === 'number' ? y.values[i]! : (index.get(y.levels[y.codes[i]!] ?? '') ?? NaN));
  const rows = Uint32Array.from({ length: table.nRows }, (_, i) => i).filter((i) => !Number.isNaN(valueOf(i)));
  const column = by === null ? null : columnOf(table, by);
  const keys =
    column && Float64Array.from(rows, (i) => (column.kind === 'number' ? column.values[i]! : column.codes[i]!));
  try {
    const { warnings } = splitRows(
      {
        rows,
        ...(task !== 'regression' && { classes: Float64Array.from(rows, valueOf), classNames }),
        ...(keys && ('group' in split ? { groups: keys } : { times: keys })),
      },
      { ...base, ...split },
    );
    return { isRefused: false, text: warnings.length === 0 ? '' : `Split so: ${warnings.join(' ')}` };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { isRefused: true, text: `Such a split is not possible as it stands: ${cause.message}` };
  }
}
