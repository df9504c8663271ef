import path from 'node:path';
import { takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import type { Feature, TargetInfo } from '../../../main/models/estimator.ts';
import { recipes } from './coresetData.ts';
import { readColumns } from './readColumns.ts';

/** A data set as trees take it: numbers as they are, categories as codes, missing as NaN. */
export interface RawData {
  readonly name: string;
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly target: TargetInfo;
  readonly features: readonly Feature[];
}

export interface RawPart {
  readonly X: Matrix;
  readonly y: Float64Array;
}

export async function loadRawData(dataDir: string, name: string): Promise<RawData> {
  const recipe = recipes[name]!;
  const { names, columns, target, kept } = await readColumns(path.join(dataDir, recipe.file), recipe.target);
  const features: Feature[] = [];
  const values: Float32Array[] = [];
  names.forEach((column, j) => {
    if (column.trim() === recipe.target || recipe.drop?.includes(column)) return;
    const cells = kept.map((i) => columns[j]![i]);
    const isNumber = cells.every((v) => v === null || typeof v === 'number' || typeof v === 'bigint');
    if (isNumber) {
      features.push({ name: column, source: column, kind: 'number' });
      values.push(Float32Array.from(cells, (v) => (v === null ? NaN : Number(v))));
      return;
    }
    const texts = cells.map((v) => (v === null ? null : String(v)));
    const levels = [...new Set(texts.filter((t) => t !== null))].sort();
    const codes = new Map(levels.map((level, k) => [level, k]));
    features.push({ name: column, source: column, kind: 'category', nLevels: levels.length });
    values.push(Float32Array.from(texts, (t) => (t === null ? NaN : codes.get(t)!)));
  });
  const data = new Float32Array(kept.length * values.length);
  values.forEach((column, j) => column.forEach((v, i) => (data[i * values.length + j] = v)));
  const X = { data, nRows: kept.length, nCols: values.length };
  const texts = kept.map((i) => String(target[i]));
  if (recipe.isRegression) {
    return { name, X, y: Float64Array.from(texts, Number), target: { task: 'regression' }, features };
  }
  const labels = recipe.positive === undefined ? texts : texts.map((t) => (t === recipe.positive ? 'yes' : 'no'));
  const classNames = [...new Set(labels)].sort();
  const place = new Map(classNames.map((label, k) => [label, k]));
  const task = classNames.length === 2 ? 'binary' : 'multiclass';
  const y = Float64Array.from(labels, (label) => place.get(label)!);
  return { name, X, y, target: { task, nClasses: classNames.length, classNames }, features };
}

/** Four fifths to train on and one to judge by, at random. */
export function splitAtRandom({ X, y }: RawPart, seed: number): { train: RawPart; test: RawPart } {
  const order = permutation(y.length, createRng(seed).fork('split'));
  const at = Math.round(0.8 * y.length);
  const take = (rows: Uint32Array) => ({ X: takeRows(X, rows), y: takeValues(y, rows) });
  return { train: take(order.slice(0, at).sort()), test: take(order.slice(at).sort()) };
}
