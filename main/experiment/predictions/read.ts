import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../../contract/errors.ts';
import type { FitRows } from '../../contract/run.ts';
import { identifier, literal, withConnection } from '../../data/duck.ts';
import { matrix } from '../../kernels/matrix.ts';
import { HEADER, predictionColumn, probaColumn, ROW, TARGET, type Header, type Kept } from './kept.ts';

/**
 * What a model of a run said of the validation rows, to the last bit, from the artefact `predictions`.
 * @param rows which of the run's models; throws AppError PREDICTIONS_MISSING when the run has none fitted on these
 */
export function readPredictions(file: string, rows: FitRows): Promise<Kept & Pick<Header, 'classes'>> {
  return withConnection(async (connection) => {
    const { classes, models } = await headerOf(connection, file);
    if (!models.includes(rows)) throw missing(rows, models);
    const place = (name: string) =>
      classes.length === 0
        ? identifier(name)
        : `list_position([${classes.map(literal).join(', ')}]::VARCHAR[], ${identifier(name)}) - 1`;
    const select = [
      identifier(ROW),
      place(TARGET),
      place(predictionColumn(rows)),
      ...classes.map((name, k) => identifier(probaColumn(rows, k, name))),
    ];
    const result = await connection.runAndReadAll(
      `SELECT ${select.map((column, i) => `coalesce(CAST(${column} AS DOUBLE), 'nan'::DOUBLE) AS c${i}`).join(', ')} FROM read_parquet(${literal(file)})`,
    );
    const [row, target, prediction, ...probabilities] = result.getColumns() as number[][];
    const y = Float64Array.from(target!);
    const nClasses = classes.length;
    const proba = new Float64Array(y.length * nClasses);
    probabilities.forEach((values, k) => values.forEach((p, i) => (proba[i * nClasses + k] = p)));
    const labels = Float64Array.from(prediction!);
    return {
      rowIds: Uint32Array.from(row!),
      y,
      classes,
      said: nClasses === 0 ? { predicted: labels } : { labels, proba: matrix(proba, y.length, nClasses) },
    };
  });
}

async function headerOf(connection: DuckDBConnection, file: string): Promise<Header> {
  const result = await connection.runAndReadAll(
    `SELECT decode(value) FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = ${literal(HEADER)}`,
  );
  return JSON.parse(String(result.getRowsJS()[0]![0])) as Header;
}

const missing = (rows: FitRows, models: readonly FitRows[]): AppError =>
  new AppError({
    code: 'PREDICTIONS_MISSING',
    message: `This run has no model fitted on "${rows}" rows; it has those of ${models.join(', ')}.`,
    fix: { kind: 'setParam', label: `Choose "${models[0]}"`, args: { rows: models[0]! } },
  });
