import type { Table } from '../../kernels/table.ts';

/** What the choice of models looks at: the training rows. */
export interface DataSummary {
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly nRows: number;
  readonly nNumbers: number;
  readonly nCategories: number;
  /** Columns of free text, which only their words make useful. */
  readonly nTexts: number;
  /** Levels of the category with the most of them. */
  readonly mostLevels: number;
  /** Columns one-hot encoding makes. */
  readonly nEncoded: number;
  readonly nMissingColumns: number;
  /** Share of missing cells. */
  readonly missingShare: number;
  readonly nClasses: number;
  /** Rows of the rarest class, and their share; null for numbers. */
  readonly rarestClass: { readonly name: string; readonly nRows: number; readonly share: number } | null;
}

/** As preprocessing has it: texts with more levels than this, most of them once, are free text. */
const FREE_TEXT_LEVELS = 100;
const MAX_LEVELS = 50;

/**
 * @param table raw columns of the training rows
 * @param y class index or value of each row; NaN where missing
 */
export function summarise(
  table: Table,
  y: Float64Array,
  task: DataSummary['task'],
  classes: readonly string[],
): DataSummary {
  let [nNumbers, nCategories, nTexts, mostLevels, nEncoded, nMissingColumns, nMissing] = [0, 0, 0, 0, 0, 0, 0];
  for (const column of table.columns) {
    let gaps = 0;
    if (column.kind === 'number') {
      nNumbers++;
      nEncoded++;
      for (const v of column.values) gaps += Number(Number.isNaN(v));
    } else {
      const levels = new Set(column.codes);
      for (const code of column.codes) gaps += Number(code < 0);
      levels.delete(-1);
      if (levels.size > FREE_TEXT_LEVELS && levels.size > column.codes.length / 2) nTexts++;
      else {
        nCategories++;
        mostLevels = Math.max(mostLevels, levels.size);
        nEncoded += Math.min(MAX_LEVELS + 1, levels.size);
      }
    }
    nMissing += gaps;
    nMissingColumns += Number(gaps > 0);
  }
  const known = y.filter((v) => !Number.isNaN(v));
  return {
    task,
    nRows: known.length,
    nNumbers,
    nCategories,
    nTexts,
    mostLevels,
    nEncoded,
    nMissingColumns,
    missingShare: nMissing / Math.max(1, table.nRows * table.columns.length),
    nClasses: classes.length,
    rarestClass: task === 'regression' ? null : rarest(known, classes),
  };
}

function rarest(y: Float64Array, classes: readonly string[]): NonNullable<DataSummary['rarestClass']> {
  const counts = new Float64Array(classes.length);
  for (const k of y) counts[k]!++;
  let at = 0;
  counts.forEach((n, k) => {
    if (n < counts[at]!) at = k;
  });
  return { name: classes[at] ?? '', nRows: counts[at] ?? 0, share: (counts[at] ?? 0) / y.length };
}
