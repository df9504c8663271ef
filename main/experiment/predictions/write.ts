import { writeColumns, type WrittenColumn } from '../../data/writeColumns.ts';
import type { Judged } from '../seal/judged.ts';
import { HEADER, predictionColumn, probaColumn, ROW, TARGET, type Header, type Kept } from './kept.ts';

/**
 * Writes what the models of a run said of its validation rows to one Parquet file: `row`, `target`, and for each model
 * `<rows>.prediction` and a probability per class, `<rows>.p<k>:<class>`.
 * @param classes in class order; empty for values
 */
export function writePredictions(
  { rowIds, y }: Pick<Kept, 'rowIds' | 'y'>,
  judged: readonly Judged[],
  target: string,
  classes: readonly string[],
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const told = (name: string, values: Float64Array): WrittenColumn =>
    classes.length > 0 ? { name, kind: 'text', values, texts: classes } : { name, kind: 'number', values };
  const columns: WrittenColumn[] = [
    { name: ROW, kind: 'whole', values: rowIds },
    told(TARGET, y),
    ...judged.flatMap(({ model: { rows }, said }) =>
      'proba' in said
        ? [
            told(predictionColumn(rows), said.labels),
            ...classes.map((name, k): WrittenColumn => {
              const { data, nCols } = said.proba;
              return {
                name: probaColumn(rows, k, name),
                kind: 'number',
                values: y.map((_, i) => data[i * nCols + k]!),
              };
            }),
          ]
        : [told(predictionColumn(rows), said.predicted)],
    ),
  ];
  const header: Header = { version: 1, target, classes, models: judged.map(({ model }) => model.rows) };
  return writeColumns(columns, { [HEADER]: JSON.stringify(header) }, file, signal);
}
