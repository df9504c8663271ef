import type { ColumnProfile, Finding } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { identifier, literal, withConnection } from './duck.ts';
import { analyseTarget } from './targets.ts';

/** What a person should know about the columns of a table before training on it, most serious first. */
export async function findFindings(
  file: string,
  profile: readonly ColumnProfile[],
  target?: string,
): Promise<Finding[]> {
  const nRows = await rowCount(file);
  const features = profile.filter((p) => p.name !== target);
  const findings = [
    ...constantColumns(features, nRows),
    ...missingColumns(features, nRows),
    ...idColumns(features, nRows),
    ...(await duplicateRows(file, profile, nRows)),
    ...(target === undefined ? [] : await aboutTarget(file, target)),
  ];
  return bySeverity(findings);
}

/** Most serious first. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const order = { error: 0, warning: 1, info: 2 };
  return findings.toSorted((a, b) => order[a.severity] - order[b.severity]);
}

const none = { patch: null, action: null };

function constantColumns(profile: readonly ColumnProfile[], nRows: number): Finding[] {
  const columns = profile.filter((p) => p.nDistinct <= 1 && p.nMissing < nRows).map((p) => p.name);
  const empty = profile.filter((p) => p.nMissing === nRows).map((p) => p.name);
  return [
    ...(columns.length > 0
      ? [
          {
            code: 'CONSTANT',
            severity: 'info' as const,
            title: `${count(columns, 'column')} with one value only`,
            detail: `${list(columns)} cannot help to predict anything and will be left out.`,
            columns,
            ...none,
          },
        ]
      : []),
    ...(empty.length > 0
      ? [
          {
            code: 'ALL_MISSING',
            severity: 'warning' as const,
            title: `${count(empty, 'column')} without any value`,
            detail: `${list(empty)}: every row is missing. Was the file read with the right delimiter?`,
            columns: empty,
            ...none,
          },
        ]
      : []),
  ];
}

function missingColumns(profile: readonly ColumnProfile[], nRows: number): Finding[] {
  const missing = profile
    .filter((p) => p.nMissing > 0 && p.nMissing < nRows)
    .toSorted((a, b) => b.nMissing - a.nMissing);
  if (missing.length === 0) return [];
  const nCells = missing.reduce((s, p) => s + p.nMissing, 0);
  const most = missing.slice(0, 3).map((p) => `${p.name} ${Math.round((100 * p.nMissing) / nRows)} %`);
  return [
    {
      code: 'MISSING',
      severity: 'info',
      title: `${nCells.toLocaleString('en')} missing cells in ${count(missing, 'column')}`,
      detail: `Most in ${most.join(', ')}. Training fills numbers with the median and gives missing categories a level of their own.`,
      columns: missing.map((p) => p.name),
      ...none,
    },
  ];
}

/** A column in which nearly every row has a value of its own says which row it is, not what it is like. */
function idColumns(profile: readonly ColumnProfile[], nRows: number): Finding[] {
  const ids = profile.filter(
    (p) =>
      nRows >= 50 &&
      (p.type === 'text' || p.type === 'integer') &&
      p.nDistinct > 0.95 * (nRows - p.nMissing) &&
      p.nMissing < nRows / 2 &&
      (p.type === 'text' || looksLikeId(p, nRows)),
  );
  if (ids.length === 0) return [];
  const columns = ids.map((p) => p.name);
  return [
    {
      code: 'ID_LIKE',
      severity: 'warning',
      title: `${count(columns, 'column')} that only ${columns.length === 1 ? 'numbers' : 'number'} the rows`,
      detail: `${list(columns)}: nearly every row has a value of its own. A model would learn rows by heart.`,
      columns,
      patch: { 'data.drop': columns },
      action: `Leave ${columns.length === 1 ? 'it' : 'them'} out`,
    },
  ];
}

const looksLikeId = (p: ColumnProfile, nRows: number): boolean =>
  /(^|[_\W])(id|no|nr|number|index|instant|key)$|^id|ID$/i.test(p.name) ||
  (p.min !== null && p.max !== null && p.max - p.min < 1.05 * nRows);

async function duplicateRows(file: string, profile: readonly ColumnProfile[], nRows: number): Promise<Finding[]> {
  if (nRows > 1_000_000 || profile.length > 200) return [];
  const columns = profile.map((p) => identifier(p.name)).join(', ');
  const nDistinct = await withConnection(async (connection) =>
    Number(
      (
        await connection.runAndReadAll(
          `SELECT count(*) FROM (SELECT DISTINCT ${columns} FROM read_parquet(${literal(file)}))`,
        )
      ).getRowsJS()[0]?.[0],
    ),
  );
  const nCopies = nRows - nDistinct;
  if (nCopies === 0) return [];
  return [
    {
      code: 'DUPLICATES',
      severity: nCopies > nRows / 20 ? 'warning' : 'info',
      title: `${nCopies.toLocaleString('en')} rows are exact copies of others`,
      detail: 'Copies on both sides of a split make a model look better than it is.',
      columns: [],
      ...none,
    },
  ];
}

async function aboutTarget(file: string, target: string): Promise<Finding[]> {
  try {
    const analysis = await analyseTarget(file, target, 'auto');
    const findings: Finding[] = analysis.warnings.map((detail) => ({
      code: 'TARGET_ROWS',
      severity: 'warning',
      title: `About the target ${target}`,
      detail,
      columns: [target],
      ...none,
    }));
    if (analysis.task !== 'regression') {
      const least = Math.min(...analysis.counts);
      const share = least / (analysis.nRows - analysis.nMissing);
      if (share < 0.05) {
        const rare = analysis.classes[analysis.counts.indexOf(least)];
        findings.push({
          code: 'IMBALANCE',
          severity: 'info',
          title: `Class "${rare}" is rare`,
          detail: `${least.toLocaleString('en')} rows, ${(100 * share).toFixed(2)} %. Look at precision, recall and average precision, not at accuracy.`,
          columns: [target],
          ...none,
        });
      }
    }
    return findings;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return [
      {
        code: cause.code,
        severity: 'error',
        title: 'This cannot be the target',
        detail: cause.message,
        columns: [target],
        ...none,
      },
    ];
  }
}

async function rowCount(file: string): Promise<number> {
  return withConnection(async (connection) =>
    Number((await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${literal(file)})`)).getRowsJS()[0]?.[0]),
  );
}

const count = (columns: readonly unknown[], word: string): string =>
  `${columns.length} ${word}${columns.length === 1 ? '' : 's'}`;
const list = (columns: readonly string[]): string =>
  columns.length <= 4 ? columns.join(', ') : `${columns.slice(0, 4).join(', ')} and ${columns.length - 4} more`;
