import { PreprocessConfig } from '../../main/contract/config.ts';
import type { ColumnType } from '../../main/contract/data.ts';
import { createRng } from '../../main/kernels/rng.ts';
import type { Column, Table } from '../../main/kernels/table.ts';
import { quietTask } from '../../main/kernels/task.ts';
import type { TargetInfo } from '../../main/models/estimator.ts';
import { FittedPipeline } from '../../main/models/pipeline/pipeline.ts';
import { planColumns } from '../../main/models/preprocess/columnPlan.ts';
import { fitPreprocessor } from '../../main/models/preprocess/preprocessor.ts';
import { estimatorEntry, takesRawColumns } from '../../main/models/registry.ts';

/** Raw columns that hold everything files hold. */
export const nastyColumns: readonly { readonly name: string; readonly type: ColumnType }[] = [
  { name: 'gaps', type: 'number' },
  { name: 'infinite', type: 'number' },
  { name: 'huge', type: 'number' },
  { name: 'rare gap', type: 'number' },
  { name: 'flat', type: 'number' },
  { name: 'since', type: 'time' },
  { name: 'town', type: 'text' },
  { name: 'flag', type: 'boolean' },
  { name: 'note', type: 'text' },
];

const TOWNS = ['Ulm', 'Bonn', 'Köln', 'São Paulo', '東京', 'null', '-0', 'a "b", c'];
const WORDS = ['free', 'call', 'Zürich', 'now', 'later', 'home', 'NaN', 'tea'];

/**
 * Rows with gaps, infinities, −0, levels of one row, dates before 1970, truth values and texts.
 * @param isFresh towns that training did not see, and gaps in columns that had none
 */
export function nastyTable(n: number, seed: number, isFresh = false): Table {
  const rng = createRng(seed);
  const numbers = (name: string, draw: (i: number) => number): Column => ({
    kind: 'number',
    name,
    values: Float64Array.from({ length: n }, (_, i) => draw(i)),
  });
  const texts = (name: string, draw: (i: number) => string | null): Column => {
    const cells = Array.from({ length: n }, (_, i) => draw(i));
    const levels = [...new Set(cells.filter((cell) => cell !== null))].toSorted();
    const place = new Map(levels.map((level, code) => [level, code]));
    return { kind: 'category', name, levels, codes: Int32Array.from(cells, (c) => (c === null ? -1 : place.get(c)!)) };
  };
  const isGone = (share: number) => rng.uniform() < share;
  return {
    nRows: n,
    columns: [
      numbers('gaps', () => (isGone(0.3) ? NaN : rng.uniform() < 0.1 ? -0 : Math.fround(rng.normal()))),
      numbers('infinite', (i) => [Infinity, -Infinity][i % 20] ?? Math.fround(rng.normal())),
      numbers('huge', () => 1e9 + Math.round(1e6 * rng.normal())),
      numbers('rare gap', (i) => (isFresh && i % 5 === 0 ? NaN : rng.int(5))),
      numbers('flat', () => (isFresh && isGone(0.2) ? NaN : 7)),
      numbers('since', () => (isGone(0.1) ? NaN : Math.floor(1.8e9 * (rng.uniform() - 0.3)))),
      texts('town', (i) =>
        isFresh && i % 7 === 0 ? `new ${i}` : isGone(0.1) ? null : i === 3 ? 'once' : TOWNS[rng.int(8)]!,
      ),
      texts('flag', () => (isFresh && isGone(0.1) ? null : String(rng.uniform() < 0.5))),
      texts('note', () =>
        isGone(0.1) ? null : Array.from({ length: 1 + rng.int(5) }, () => WORDS[rng.int(8)]).join(' '),
      ),
    ],
  };
}

/** A target that is in the gaps, the towns and the numbers. */
function targetOf(table: Table, task: TargetInfo['task']): { info: TargetInfo; y: Float64Array } {
  const rng = createRng(99);
  const [gaps, infinite, , , , , town] = table.columns as Column[];
  const score = Float64Array.from({ length: table.nRows }, (_, i) => {
    const x = gaps!.kind === 'number' ? gaps!.values[i]! : 0;
    const z = infinite!.kind === 'number' && Number.isFinite(infinite!.values[i]!) ? infinite!.values[i]! : 0;
    return (
      (Number.isNaN(x) ? 1.5 : x) + 0.5 * z + (town!.kind === 'category' ? town!.codes[i]! % 3 : 0) + 0.2 * rng.normal()
    );
  });
  if (task === 'regression') return { info: { task }, y: score };
  if (task === 'binary')
    return { info: { task, nClasses: 2, classNames: ['no', 'yes'] }, y: score.map((v) => Number(v > 1.5)) };
  const y = score.map((v) => (v < 0.8 ? 0 : v < 2 ? 1 : 2));
  return { info: { task, nClasses: 3, classNames: ['low', 'middle', 'high'] }, y };
}

/** Parameters that keep fits short. */
const QUICK: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  neuralNetwork: { layers: [6], epochs: 3 },
  gradientBoosting: { maxIter: 15 },
  randomForest: { nEstimators: 8 },
  extraTrees: { nEstimators: 8 },
  logisticRegression: { maxIter: 40 },
};

/** Everything from raw columns on, fitted to 300 nasty rows. */
export async function fitNasty(
  type: string,
  task: TargetInfo['task'] | 'unsupervised',
  options: Readonly<Record<string, unknown>>,
  params: Readonly<Record<string, unknown>> = {},
): Promise<FittedPipeline> {
  const config = PreprocessConfig.parse(options);
  const table = nastyTable(300, 1);
  const entry = await estimatorEntry(type);
  const target = targetOf(table, task === 'unsupervised' ? 'regression' : task);
  const preprocessor = fitPreprocessor(table, planColumns(nastyColumns, config, []), config, {
    isNative: takesRawColumns(entry.spec),
    ...(task !== 'unsupervised' && { target }),
  });
  const X = task === 'unsupervised' ? preprocessor.transform(table) : preprocessor.transformTraining(table, target);
  const fitted = await entry.make({ ...QUICK[type], ...params }).fit(X, target.y, target.info, {
    rng: createRng(1),
    task: quietTask,
    threads: 1,
    features: preprocessor.features,
  });
  const { info } = target;
  const clusters = entry.spec.family === 'cluster' ? Number(fitted.summary['k'] ?? fitted.summary['clusters'] ?? 0) : 0;
  const classes =
    task === 'unsupervised'
      ? Array.from({ length: clusters }, (_, c) => `cluster ${c + 1}`)
      : info.task === 'regression'
        ? []
        : [...info.classNames!];
  return new FittedPipeline(preprocessor, fitted, task === 'unsupervised' ? '' : 'y', classes);
}

/** Rows no model saw: new towns, gaps where there were none. */
export const freshTable = (): Table => nastyTable(150, 2, true);

/** Predictions, then probabilities or scores where there are any, as bytes. */
export async function answersOf(pipeline: FittedPipeline, table: Table): Promise<Buffer> {
  const predicted = pipeline.scores(table) ? new Float64Array(0) : await pipeline.predict(table);
  const more =
    pipeline.classes.length > 0 ? (await pipeline.predictProba(table)).data : (pipeline.scores(table)?.data ?? []);
  return Buffer.concat([predicted, Float64Array.from(more)].map(({ buffer }) => Buffer.from(buffer as ArrayBuffer)));
}
