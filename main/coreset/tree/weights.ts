import { calibrate } from '../calibrate.ts';
import type { Rows } from '../rows.ts';
import { trainingColumns, type Pilot } from '../services/service.ts';

/** `base` moved so that the pilot's statistics over `rows` come to `totals`, shape (nStatistics,). */
export function calibrateRows(
  pilot: Pilot,
  rows: Pick<Rows, 'X' | 'y'>,
  base: Float64Array,
  totals: Float64Array,
  columns: Uint32Array = trainingColumns(pilot.blocks, countPositive(base)),
): Float64Array {
  const Z = statisticsOf(pilot, rows, columns);
  const wanted = Float64Array.from(columns, (j) => totals[j]!);
  return calibrate(Z, columns.length, wanted, base, pilot.calibration).weights;
}

/** The chosen columns of the statistics of each row, shape (nRows, columns.length). */
export function statisticsOf(pilot: Pilot, { X, y }: Pick<Rows, 'X' | 'y'>, columns: Uint32Array): Float64Array {
  const width = pilot.nStatistics;
  const all = new Float64Array(X.nRows * width);
  pilot.visit({ X, y }, { statistics: all });
  if (columns.length === width) return all;
  const out = new Float64Array(X.nRows * columns.length);
  for (let i = 0, at = 0; i < X.nRows; i++) {
    for (let c = 0; c < columns.length; c++) out[at++] = all[i * width + columns[c]!]!;
  }
  return out;
}

function countPositive(values: Float64Array): number {
  let count = 0;
  for (const v of values) if (v > 0) count++;
  return count;
}
