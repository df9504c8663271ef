import type { RunConfig } from '../../contract/config.ts';
import type { Finding } from '../../contract/data.ts';
import { groupFindings, orderFindings } from '../../data/honestSplit.ts';
import { versionColumns } from '../../data/versionFile.ts';
import type { SplitRows } from './prepare.ts';

/** Columns compared; more only slow the quick model down. */
const MAX_COLUMNS = 30;

/** Says when a random split flatters, and which one is honest; from the rows already read. */
export async function splitWarnings(file: string, config: RunConfig, rows: SplitRows): Promise<string[]> {
  const { features, y, analysis } = rows;
  if (config.split.time !== undefined || config.split.group !== undefined) return [];
  const numbers = features.columns.filter((c) => c.kind === 'number');
  const types = new Map((await versionColumns(file)).map(({ name, type }) => [name, type]));
  const time =
    numbers.find(({ name }) => types.get(name) === 'time') ??
    numbers.find(({ name }) => /^(date|time|timestamp|datetime|year)$/i.test(name));
  const columns = numbers.slice(0, MAX_COLUMNS).map(({ values }) => values);
  const used = features.columns.map((column) => ({
    name: column.name,
    type: types.get(column.name) ?? 'number',
    nDistinct: column.kind === 'category' ? column.levels.length : new Set(column.values).size,
  }));
  const say = ({ title, detail }: Finding, split: object) =>
    `${title}. ${detail} To do so, write split: ${JSON.stringify(split)}.`;
  return [
    ...orderFindings(columns, y, time, analysis).map((f) => say(f, { time: f.patch?.['split.time'] })),
    ...groupFindings(used, analysis).map((f) => say(f, { group: f.columns[0] })),
  ];
}
