import path from 'node:path';
import type { Matrix } from '../../../main/kernels/matrix.ts';
import type { TargetInfo } from '../../../main/models/estimator.ts';
import { readColumns } from './readColumns.ts';

/** A data set as the trials of coresets take it: numbers standardised, categories one-hot, missing a level of its own. */
export interface CoresetData {
  readonly name: string;
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly target: TargetInfo;
}

interface Recipe {
  readonly file: string;
  readonly target: string;
  readonly drop?: readonly string[];
  readonly isRegression?: boolean;
  /** One class against the rest. */
  readonly positive?: string;
}

export const recipes: Readonly<Record<string, Recipe>> = {
  adult: { file: 'binary/adult.csv', target: 'income' },
  bank_marketing: { file: 'binary/bank_marketing.csv', target: 'deposit' },
  credit_default: { file: 'binary/credit_default.csv', target: 'default payment next month', drop: ['ID'] },
  covertype2: { file: 'multiclass/covtype_20k.csv', target: 'Cover_Type', positive: '2' },
  spambase: { file: 'binary/spambase.csv', target: 'type' },
  electricity: { file: 'drift/electricity_elec2.csv', target: 'class' },
  magic: { file: 'binary/magic_telescope.csv', target: 'Class' },
  cardio: { file: 'binary/cardio.csv', target: 'cardio', drop: ['id'] },
  mushroom: { file: 'binary/mushroom.csv', target: 'class' },
  noaa: { file: 'drift/noaa_weather.csv', target: 'target' },
  mammography: { file: 'binary/mammography.csv', target: 'class' },
  kdd99_http: { file: 'binary/kdd99_http.csv.gz', target: 'service' },
  kdd99_smtp: { file: 'binary/kdd99_smtp.csv.gz', target: 'service' },
  dry_bean: { file: 'multiclass/dry_bean.csv', target: 'Class' },
  covertype7: { file: 'multiclass/covtype_20k.csv', target: 'Cover_Type' },
  letter: { file: 'multiclass/letter.csv', target: 'lettr' },
  california: { file: 'regression/california_housing.csv', target: 'median_house_value', isRegression: true },
  casp: { file: 'regression/protein_casp.csv.gz', target: 'y', isRegression: true },
  diamonds: { file: 'regression/diamonds.csv', target: 'price', isRegression: true },
  kc_house: { file: 'regression/kc_house.csv', target: 'price', drop: ['id', 'date'], isRegression: true },
  bike: { file: 'regression/bike_sharing.csv', target: 'cnt', drop: ['instant', 'dteday'], isRegression: true },
};

export async function loadCoresetData(dataDir: string, name: string): Promise<CoresetData> {
  const recipe = recipes[name]!;
  const { names, columns, target, kept } = await readColumns(path.join(dataDir, recipe.file), recipe.target);
  const features: Float64Array[] = [];
  names.forEach((column, j) => {
    if (column.trim() === recipe.target || recipe.drop?.includes(column)) return;
    const values = kept.map((i) => columns[j]![i]);
    if (values.every((v) => v === null || typeof v === 'number' || typeof v === 'bigint')) {
      const numbers = standardise(values.map((v) => (v === null ? NaN : Number(v))));
      if (numbers) features.push(numbers);
      return;
    }
    const texts = values.map((v) => String(v));
    for (const level of [...new Set(texts)].sort()) {
      features.push(Float64Array.from(texts, (t) => (t === level ? 1 : 0)));
    }
  });
  const texts = kept.map((i) => String(target[i]));
  const { y, info } = targetOf(texts, recipe);
  const data = new Float64Array(kept.length * features.length);
  features.forEach((feature, j) => feature.forEach((v, i) => (data[i * features.length + j] = v)));
  return { name, X: { data, nRows: kept.length, nCols: features.length }, y, target: info };
}

function targetOf(texts: readonly string[], recipe: Recipe): { y: Float64Array; info: TargetInfo } {
  if (recipe.isRegression) {
    const numbers = Float64Array.from(texts, Number);
    return { y: standardise([...numbers])!, info: { task: 'regression' } };
  }
  const labels = recipe.positive === undefined ? texts : texts.map((t) => (t === recipe.positive ? 'yes' : 'no'));
  const classNames = [...new Set(labels)].sort();
  const place = new Map(classNames.map((label, k) => [label, k]));
  const task = classNames.length === 2 ? 'binary' : 'multiclass';
  return {
    y: Float64Array.from(labels, (label) => place.get(label)!),
    info: { task, nClasses: classNames.length, classNames },
  };
}

/** Mean 0, standard deviation 1, missing at the mean; undefined for a constant. */
function standardise(values: readonly number[]): Float64Array | undefined {
  const present = values.filter((v) => !Number.isNaN(v));
  const mean = present.reduce((s, v) => s + v, 0) / present.length;
  const sd = Math.sqrt(present.reduce((s, v) => s + (v - mean) ** 2, 0) / present.length);
  if (!(sd > 0)) return undefined;
  return Float64Array.from(values, (v) => (Number.isNaN(v) ? 0 : (v - mean) / sd));
}
