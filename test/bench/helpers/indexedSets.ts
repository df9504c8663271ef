import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RunConfig } from '../../../main/contract/config.ts';
import { importFile } from '../../../main/data/importFile.ts';
import { splitRows } from '../../../main/data/split.ts';
import { prepare } from '../../../main/experiment/rows/prepare.ts';
import { matrix, takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { Feature, TargetInfo } from '../../../main/models/estimator.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';

/** One data set of the index, as trees take it: numbers, category codes and gaps. */
export interface IndexedSet {
  readonly name: string;
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly target: TargetInfo;
  readonly features: readonly Feature[];
}

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly task: string;
  readonly target: string | null;
  readonly rows: number;
  /** Rows of each class. */
  readonly classes?: Readonly<Record<string, number>>;
  readonly drop?: readonly string[];
  readonly read?: { readonly na_values?: readonly (string | number)[]; readonly encoding?: string };
}

/** Sets of `catalog.json` with a target that a table model can learn. */
export function indexedSets(dataDir: string): Entry[] {
  const all = JSON.parse(readFileSync(path.join(dataDir, 'catalog.json'), 'utf8')) as Entry[];
  return all.filter(({ task, target }) => target !== null && ['binary', 'multiclass', 'regression'].includes(task));
}

/** Imports a set as a run would and takes at most `maxRows` of its rows, with equal class shares. */
export async function loadIndexedSet(
  dataDir: string,
  entry: Entry,
  maxRows: number,
  tempDir: string,
): Promise<IndexedSet> {
  const words = entry.read?.na_values?.map(String);
  const version = await importFile(
    path.join(dataDir, entry.file),
    words ? { nullWords: ['', ...words] } : {},
    tempDir,
    quietTask,
  );
  const names = new Set(version.columns.map(({ name }) => name));
  const config = RunConfig.parse({
    data: {
      path: entry.file,
      target: entry.target,
      task: entry.task,
      drop: (entry.drop ?? []).filter((name) => names.has(name)),
    },
    model: { type: 'gradientBoosting' },
  });
  const { train, validation, target, preprocessor } = await prepare(
    version.file,
    config,
    await estimatorEntry('gradientBoosting'),
  );
  const X = stacked(train.X, validation.X);
  const y = new Float64Array(X.nRows);
  y.set(train.y);
  y.set(validation.y, train.y.length);
  const drawn = someRows(y, target, maxRows);
  const kept = target.task === 'regression' ? takeValues(y, drawn) : recoded(takeValues(y, drawn));
  return {
    name: entry.name,
    X: takeRows(X, drawn),
    y: kept,
    target: target.task === 'regression' ? target : classesOf(kept),
    features: preprocessor.features,
  };
}

/** Rows of seed `seed`: training rows first, `nTrain` of them, then those that are scored. */
export function splitOf({ y, target }: IndexedSet, seed: number): { order: Uint32Array; nTrain: number } {
  const rows = Uint32Array.from(y.keys());
  const { train, validation } = splitRows(
    { rows, ...(target.task !== 'regression' && { classes: y }) },
    { validation: 0.25, test: 0, stratify: true, seed },
  );
  return { order: Uint32Array.of(...train, ...validation), nTrain: train.length };
}

const stacked = (a: Matrix, b: Matrix): Matrix => {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return matrix(data, a.nRows + b.nRows, a.nCols);
};

function someRows(y: Float64Array, target: TargetInfo, maxRows: number): Uint32Array {
  if (y.length <= maxRows) return Uint32Array.from(y.keys());
  if (target.task === 'regression') return permutation(y.length, createRng(5)).slice(0, maxRows).sort();
  const share = maxRows / y.length;
  const { validation } = splitRows(
    { rows: Uint32Array.from(y.keys()), classes: y },
    { validation: share, test: 0, stratify: true, seed: 5 },
  );
  return validation;
}

/** Class indices without gaps: rare classes may have lost all their rows. */
function recoded(y: Float64Array): Float64Array {
  const classes = [...new Set(y)].toSorted((a, b) => a - b);
  const place = new Map(classes.map((c, k) => [c, k]));
  return y.map((v) => place.get(v)!);
}

function classesOf(y: Float64Array): TargetInfo {
  const nClasses = new Set(y).size;
  return { task: nClasses === 2 ? 'binary' : 'multiclass', nClasses };
}
