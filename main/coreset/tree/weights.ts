import { calibrate, weightsAt, type Calibration, type CalibrationOptions, type WarmStart } from '../calibrate.ts';
import { takeRows, takeValues } from '../../kernels/matrix.ts';
import { sliceRows, type Rows, type WeightedRows } from '../rows.ts';
import { trainingColumns, type Pilot } from '../services/service.ts';

/** What weights are calibrated to. */
export interface Wanted {
  /** Shape (nStatistics,): sums over all rows. */
  readonly totals: Float64Array;
  /** Shape (nStatistics,): root mean square of each statistic over all rows. */
  readonly spread: Float64Array;
}

/** `base` moved so that the pilot's statistics over `rows` come to the wanted totals. */
export function calibrateRows(
  pilot: Pilot,
  rows: Pick<Rows, 'X' | 'y'>,
  base: Float64Array,
  wanted: Wanted,
  columns: Uint32Array = trainingColumns(pilot.blocks, countPositive(base)),
  options: CalibrationOptions = pilot.calibration,
): Float64Array {
  return solveWeights(pilot, rows, base, wanted, {}, columns, options).weights;
}

/** The same with the multipliers, from where a former calibration ended. */
export function solveWeights(
  pilot: Pilot,
  rows: Pick<Rows, 'X' | 'y'>,
  base: Float64Array,
  { totals, spread }: Wanted,
  warm: WarmStart,
  columns: Uint32Array = trainingColumns(pilot.blocks, countPositive(base)),
  options: CalibrationOptions = pilot.calibration,
): Calibration {
  const pick = (values: Float64Array) => Float64Array.from(columns, (j) => values[j]!);
  return calibrate(
    () => statisticsOf(pilot, rows, columns),
    columns.length,
    pick(totals),
    base,
    pick(spread),
    options,
    warm,
  );
}

/** The weights that multipliers of a former calibration of these very rows gave, to the last bit. */
export function weightsOf(
  pilot: Pilot,
  rows: Pick<Rows, 'X' | 'y'>,
  base: Float64Array,
  spread: Float64Array,
  lambda: Float64Array,
): Float64Array {
  const columns = trainingColumns(pilot.blocks, countPositive(base));
  const Z = statisticsOf(pilot, rows, columns);
  const scaled = Float64Array.from(columns, (j) => spread[j]!);
  return weightsAt(lambda, Z, base, scaled, pilot.calibration);
}

/** Rows a spread is told by: it only sets units, and the leaves of large data have hundreds of thousands. */
const SPREAD_ROWS = 32_768;

/** Root mean square of each statistic over weighted rows (every k-th of very many), shape (nStatistics,). */
export function spreadOf(pilot: Pilot, given: WeightedRows): Float64Array {
  const step = Math.ceil(given.y.length / SPREAD_ROWS);
  const rows = step > 1 ? everyRow(given, step) : given;
  const width = pilot.nStatistics;
  const block = Math.max(1, Math.floor(500_000 / width));
  const sums = new Float64Array(width);
  let mass = 0;
  for (let from = 0; from < rows.y.length; from += block) {
    const to = Math.min(rows.y.length, from + block);
    const statistics = new Float64Array((to - from) * width);
    const { X, y } = sliceRows(rows, from, to);
    pilot.visit({ X, y }, { statistics });
    for (let i = from, at = 0; i < to; i++) {
      const w = rows.weight[i]!;
      mass += w;
      for (let j = 0; j < width; j++, at++) sums[j]! += w * statistics[at]! ** 2;
    }
  }
  return spreadFrom(sums, mass);
}

/** Root mean squares from weighted sums of squares. */
export const spreadFrom = (squares: Float64Array, mass: number): Float64Array =>
  squares.map((sum) => (mass > 0 ? Math.sqrt(sum / mass) : 0));

function everyRow({ X, y, weight }: WeightedRows, step: number): WeightedRows {
  const rows = Uint32Array.from({ length: Math.ceil(y.length / step) }, (_, k) => k * step);
  return { X: takeRows(X, rows), y: takeValues(y, rows), weight: takeValues(weight, rows) };
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
