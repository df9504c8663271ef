import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { createRng } from '../../../main/kernels/rng.ts';
import { splitRows } from '../../../main/data/split.ts';
import { kFolds } from '../../../main/tune/folds.ts';

const file = fileURLToPath(new URL('../../../resources/samples/iris/iris.csv', import.meta.url));
const SPECIES = ['setosa', 'versicolor', 'virginica'];

/** The sample's rows: four measurements, and the species as 0, 1, 2. */
export function irisRows(): { X: number[][]; y: number[] } {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const cells = lines.map((line) => line.split(','));
  return { X: cells.map((row) => row.slice(0, 4).map(Number)), y: cells.map((row) => SPECIES.indexOf(row[4]!)) };
}

/** Rows of the sample's run: which are trained on, and the fold of each of them. */
export function sampleFolds(): { train: number[]; foldOf: number[] } {
  const { y } = irisRows();
  const { train } = splitRows(
    { rows: Uint32Array.from(y.keys()), classes: y },
    { validation: 0.2, test: 0, stratify: true, seed: 42 },
  );
  const foldOf = Array.from<number>({ length: train.length });
  const classes = Float64Array.from(train, (i) => y[i]!);
  kFolds(train.length, 5, createRng(42).fork('folds'), classes).forEach((rows, fold) => {
    for (const i of rows) foldOf[i] = fold;
  });
  return { train: [...train], foldOf };
}

// `node test/golden/iris/folds.ts | python test/golden/iris/make_golden.py` writes the golden numbers.
if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify({ ...irisRows(), ...sampleFolds() }));
