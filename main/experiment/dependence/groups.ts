import { createRng, permutation } from '../../kernels/rng.ts';
import type { Column } from '../../kernels/table.ts';
import { neighboursAboveChance, pointsOf } from './distances.ts';
import { frameOf, ranks, type Frame } from './frame.ts';
import { intraclassCorrelation, smoothness } from './intraclass.ts';
import type { KeyForm } from './levels.ts';
import { crossPredict, gapBetween, N_FOLDS } from './quickModel.ts';

/** What rows of one level of a column have in common. */
export interface GroupEvidence {
  /** Correlation, within a level, of what the other columns leave unexplained. */
  readonly intraclass: number;
  /** Lag-1 correlation of the levels' means in numeric order; null where levels are no numbers. */
  readonly smoothness: number | null;
  /** Share of rows whose nearest row is of the same level, above chance; NaN where it was not needed. */
  readonly neighbours: number;
  /** Another column that has one value in each level. */
  readonly constant: string | null;
  /** How much more a model errs on levels it has not seen than on random rows, of the loss of the mean; with its z. */
  readonly gap: number;
  readonly z: number;
  /** Accuracy, or variance of ranks explained, on random rows and on unseen levels. */
  readonly randomScore: number;
  readonly groupScore: number;
  /** Rows of one level are known by the other columns (`copies`), or only by the level itself (`shared`). */
  readonly kind: 'copies' | 'shared' | null;
  readonly isAlarm: boolean;
}

/** Measured on 15 sets with known groups and 37 without: all of the first are found, none of the others. */
const MIN_INTRACLASS = 0.4;
const MAX_SMOOTHNESS = 0.55;
const MIN_GAP = 0.05;
const MIN_Z = 3;
const MIN_NEIGHBOURS = 0.4;
/** Rows whose neighbours are looked for: as many as these differences of two cells allow. */
const ASKED = { least: 200, most: 500, cells: 20_000_000 };

/**
 * What a column's levels do: quick forests are scored on levels they have not seen and on random rows, without the
 * column and its copies. Null where there is nothing to see: levels that say no more of the target than chance and are known by
 * no other column, or one class only.
 * @param codes level of each row, none missing
 * @param keys the level as a number, NaN where it is none
 * @param form most numbers with fractions are measures, and pairs are many: more is asked of both
 */
export async function groupEvidence(
  columns: readonly Column[],
  y: Float64Array,
  isRegression: boolean,
  codes: Int32Array,
  keys: Float64Array,
  seed: number,
  form: KeyForm,
): Promise<GroupEvidence | null> {
  const frame = frameOf(
    columns.filter((column) => !isCopy(column, codes)),
    y,
    isRegression,
  );
  if (frame === null) return null;
  const rng = createRng(seed).fork('groups');
  if (form === 'number' && isMeasure(frame, codes, keys)) return null;
  // Two columns that say much each make even levels too, as in a full factorial: only what knows the pair counts.
  const constant = form === 'pair' ? null : constantIn(frame, codes);
  const neighbours = constant === null ? neighboursAboveChance(pointsOf(frame), codes, nAsked(frame), rng) : NaN;
  const isKnown = constant !== null || neighbours >= MIN_NEIGHBOURS;
  if (!isKnown && (form === 'pair' || !tellsOfTarget(frame, codes))) return null;
  const levels = [...new Set(codes)];
  const foldOfLevel = new Map(Array.from(permutation(levels.length, rng), (g, i) => [levels[g]!, i % N_FOLDS]));
  const apart = await crossPredict(
    frame,
    Uint8Array.from(codes, (g) => foldOfLevel.get(g)!),
    seed,
  );
  if (apart === null) return null;
  const intraclass = intraclassCorrelation(apart.residuals, apart.width, codes);
  const isNumeric = keys.every((v) => Number.isFinite(v));
  const smooth = isNumeric ? smoothness(apart.residuals, apart.width, codes, keys) : null;
  const isSmooth = (smooth ?? 0) >= MAX_SMOOTHNESS;
  if (form === 'number' && isSmooth) return null;
  const isShared = form !== 'pair' && intraclass >= MIN_INTRACLASS && !isSmooth;
  const found = { intraclass, smoothness: smooth, neighbours, constant, groupScore: apart.score };
  if (!isShared && !isKnown) return { ...found, gap: NaN, z: NaN, randomScore: NaN, kind: null, isAlarm: false };
  const random = await crossPredict(frame, randomFolds(frame.nRows, rng), seed);
  if (random === null) return null;
  const { gap, z } = gapBetween(apart, random, codes);
  const isFlattering = gap >= MIN_GAP && z >= MIN_Z;
  const kind = isFlattering && (isKnown || isShared) ? 'copies' : isShared ? 'shared' : null;
  return { ...found, gap, z, randomScore: random.score, kind, isAlarm: kind !== null };
}

export function randomFolds(n: number, rng: ReturnType<typeof createRng>): Uint8Array {
  const foldOf = new Uint8Array(n);
  permutation(n, rng).forEach((row, i) => (foldOf[row] = i % N_FOLDS));
  return foldOf;
}

/** Columns that know the levels: this much of their variance is between them. */
const KNOWS_LEVELS = 0.5;

/** Do the columns that know the levels follow their numeric order, as what is measured with a measure does and subjects do not? */
function isMeasure({ X, nRows }: Frame, codes: Int32Array, keys: Float64Array): boolean {
  const known: Float64Array[] = [];
  for (let j = 0; j < X.nCols; j++) {
    const values = Float64Array.from({ length: nRows }, (_, i) => X.data[i * X.nCols + j]! || 0);
    if (intraclassCorrelation(values, 1, codes) >= KNOWS_LEVELS) known.push(ranks(values));
  }
  if (known.length === 0) return false;
  const all = new Float64Array(nRows * known.length);
  known.forEach((values, k) => values.forEach((v, i) => (all[i * known.length + k] = v)));
  return smoothness(all, known.length, codes, keys) >= MAX_SMOOTHNESS;
}

/** Least F of the target between levels, 1 on average by chance: even a twentieth of the variance is more over 10 rows a level. */
const MIN_F = 1.1;

function tellsOfTarget({ y, target, nRows }: Frame, codes: Int32Array): boolean {
  const width = target.task === 'regression' ? 1 : target.nClasses;
  const outputs = width === 1 ? y : new Float64Array(nRows * width);
  if (width > 1) y.forEach((k, i) => (outputs[i * width + k] = 1));
  const rho = intraclassCorrelation(outputs, width, codes);
  const size = nRows / new Set(codes).size;
  return (1 + (size - 1) * rho) / (1 - rho) >= MIN_F;
}

const nAsked = ({ nRows, X }: Frame): number =>
  Math.max(ASKED.least, Math.min(ASKED.most, Math.floor(ASKED.cells / (nRows * X.nCols))));

/** Does the column name the levels once more: one value for each level, another for every other? */
function isCopy(column: Column, codes: Int32Array): boolean {
  const valueOf = new Map<number, number>();
  const values = column.kind === 'number' ? column.values : column.codes;
  for (let i = 0; i < codes.length; i++) {
    const value = Number.isNaN(values[i]!) ? -Infinity : values[i]!;
    const known = valueOf.get(codes[i]!);
    if (known === undefined) valueOf.set(codes[i]!, value);
    else if (known !== value) return false;
  }
  return new Set(valueOf.values()).size === valueOf.size;
}

const MIN_CONSTANT = 0.98;
const MAX_COMMON = 0.9;

/** A column with one value in (nearly) every level, but not one value for (nearly) all rows. */
function constantIn({ columns, X }: Frame, codes: Int32Array): string | null {
  for (const [j, column] of columns.entries()) {
    const first = new Map<number, number>();
    const counts = new Map<number, number>();
    let agree = 0;
    let pairs = 0;
    for (let i = 0; i < codes.length; i++) {
      const raw = X.data[i * X.nCols + j]!;
      const value = Number.isNaN(raw) ? -Infinity : raw;
      counts.set(value, (counts.get(value) ?? 0) + 1);
      const known = first.get(codes[i]!);
      if (known === undefined) first.set(codes[i]!, value);
      else {
        pairs++;
        agree += Number(known === value);
      }
    }
    const common = [...counts.values()].reduce((sum, n) => sum + (n / codes.length) ** 2, 0);
    if (pairs > 0 && agree >= MIN_CONSTANT * pairs && common <= MAX_COMMON) return column.name;
  }
  return null;
}
