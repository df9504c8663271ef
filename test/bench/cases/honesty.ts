import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { RunConfig } from '../../../main/contract/config.ts';
import { literal, withConnection } from '../../../main/data/duck.ts';
import { importFile } from '../../../main/data/importFile.ts';
import { readTable } from '../../../main/data/readTable.ts';
import { work } from '../../../main/jobs/kinds/run/work.ts';
import { columnOf } from '../../../main/kernels/table.ts';
import { loadPipeline, type FittedPipeline } from '../../../main/models/pipeline/pipeline.ts';
import { workContext } from '../../helpers/workContext.ts';
import type { Bench, BenchRow } from '../harness.ts';
import { indexedSets } from '../helpers/indexedSets.ts';

const N_SEEDS = Number(process.env['PITH_BENCH_SEEDS'] ?? 5);
/** Rows a run is given, and rows of the third part, at most. */
const [MAX_SEEN, MAX_FRESH] = [2000, 20_000];
const CLASSES =
  'adult,bank_marketing,credit_default,telco_churn,spambase,magic_telescope,electricity_elec2,cardio'.split(',');
const VALUES = 'california_housing,bike_sharing,diamonds,kc_house,protein_casp,abalone,concrete,ames_housing'.split(
  ',',
);

/** Models as a person would run them; those that choose while they fit are told to. */
const MODELS = {
  classes: {
    logisticRegression: {},
    gradientBoosting: { earlyStopping: true, maxIter: 500 },
    neuralNetwork: {},
  },
  values: {
    ridge: {},
    gradientBoosting: { earlyStopping: true, maxIter: 500 },
    neuralNetwork: {},
  },
} as const;

/** How much better the report was than the fresh rows; losses relative to the fresh rows' loss. */
interface Optimism {
  /** Set and seed: the rows are the same for all models. */
  readonly rows: string;
  readonly loss: number;
  readonly second: number;
}

export const honesty: Bench = {
  name: 'honesty',
  description: 'the reported validation score beside the score on a third part that nothing has seen, by estimator',
  async run({ dataDir, tempDir, threads, only, log }) {
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const found = new Map<string, Optimism[]>();
    for (const entry of indexedSets(dataDir)) {
      const kind = CLASSES.includes(entry.name) ? 'classes' : VALUES.includes(entry.name) ? 'values' : null;
      if (kind === null || (only && !entry.name.includes(only))) continue;
      const words = entry.read?.na_values?.map(String);
      const { file } = await importFile(
        path.join(dataDir, entry.file),
        words ? { nullWords: ['', ...words] } : {},
        tempDir,
        workContext(tempDir),
      );
      for (let seed = 1; seed <= N_SEEDS; seed++) {
        const [seen, fresh] = await parts(file, seed, tempDir);
        for (const [type, params] of Object.entries(MODELS[kind])) {
          const key = `${type} (${kind === 'classes' ? 'log loss' : 'RMSE'})`;
          const list = found.get(key) ?? [];
          found.set(key, list);
          const config = RunConfig.parse({
            data: { target: entry.target, task: entry.task, drop: entry.drop ?? [] },
            split: { validation: 0.2, seed },
            coreset: false,
            model: { type, params },
            compute: { threads },
          });
          list.push({ rows: `${entry.name} ${seed}`, ...(await optimism(config, seen, fresh, tempDir)) });
        }
      }
      log(`${entry.name} done`);
    }
    return [...found].map(([key, list]) =>
      summary(key, list, found.get(CONTROL.find((c) => c !== key && sameScore(c, key)) ?? '')),
    );
  },
};

/** Two files of rows of `file` that have no row in common. */
async function parts(file: string, seed: number, folder: string): Promise<[string, string]> {
  const names = ['seen', 'fresh'].map((name) => path.join(folder, `${name}.parquet`)) as [string, string];
  await withConnection(async (connection) => {
    const from = `read_parquet(${literal(file)}, file_row_number = true)`;
    const place = `row_number() OVER (ORDER BY hash(file_row_number + ${seed} * 1000003)) AS place`;
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE dealt AS SELECT * EXCLUDE (file_row_number), ${place}, count(*) OVER () AS n FROM ${from}`,
    );
    const border = `least(${MAX_SEEN}, n * 2 // 3)`;
    const rows = [`place <= ${border}`, `place > ${border} AND place <= ${border} + ${MAX_FRESH}`];
    for (const [i, where] of rows.entries())
      await connection.run(
        `COPY (SELECT * EXCLUDE (place, n) FROM dealt WHERE ${where} ORDER BY place) TO ${literal(names[i]!)} (FORMAT parquet)`,
      );
    await connection.run('DROP TABLE dealt');
  });
  return names;
}

async function optimism(config: RunConfig, seen: string, fresh: string, folder: string) {
  const own = mkdtempSync(path.join(folder, 'run-'));
  try {
    const version = { kind: 'version', file: seen, hash: 'bench' } as const;
    const { result, artefacts } = await work.work({ config, data: version }, workContext(own));
    const { metrics } = result.evaluations.find(({ rows }) => rows === 'full')!;
    const kept = artefacts.find(({ name }) => name === 'pipeline-full')!;
    const pipeline = await loadPipeline(readFileSync(kept.file));
    return result.task === 'regression'
      ? againstValues(pipeline, fresh, config.data.target, metrics)
      : againstClasses(pipeline, fresh, config.data.target, metrics);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

type Reported = Readonly<Record<string, { readonly value: number } | undefined>>;

async function againstClasses(pipeline: FittedPipeline, fresh: string, target: string, reported: Reported) {
  const table = await readTable(fresh, [...pipeline.preprocessor.inputs, { name: target, as: 'category' }]);
  const { data, nCols } = await pipeline.predictProba(table);
  const column = columnOf(table, target);
  if (column.kind !== 'category') throw new TypeError(`${target} was not read as classes`);
  let [loss, right] = [0, 0];
  column.codes.forEach((code, i) => {
    const own = pipeline.classes.indexOf(column.levels[code]!);
    const p = data.subarray(i * nCols, (i + 1) * nCols);
    loss -= Math.log(Math.max(p[own]!, 1e-15));
    right += Number(p.indexOf(Math.max(...p)) === own);
  });
  const [meanLoss, accuracy] = [loss / table.nRows, right / table.nRows];
  return {
    loss: 1 - reported['logLoss']!.value / meanLoss,
    second: reported['accuracy']!.value - accuracy,
  };
}

async function againstValues(pipeline: FittedPipeline, fresh: string, target: string, reported: Reported) {
  const table = await readTable(fresh, [...pipeline.preprocessor.inputs, { name: target, as: 'number' }]);
  const said = await pipeline.predict(table);
  const column = columnOf(table, target);
  if (column.kind !== 'number') throw new TypeError(`${target} was not read as numbers`);
  const rows = [...said.keys()].filter((i) => !Number.isNaN(column.values[i]!));
  const mean = rows.reduce((s, i) => s + column.values[i]!, 0) / rows.length;
  const squares = rows.reduce((s, i) => s + (said[i]! - column.values[i]!) ** 2, 0) / rows.length;
  const spread = rows.reduce((s, i) => s + (column.values[i]! - mean) ** 2, 0) / rows.length;
  return {
    loss: 1 - reported['rmse']!.value / Math.sqrt(squares),
    second: reported['r2']!.value - (1 - squares / spread),
  };
}

/**
 * A linear model with a fixed penalty chooses nothing while it fits, so that its own difference says only how hard the
 * validation rows were; without it the differences of the others are told to a tenth of the variance.
 */
const CONTROL = ['logisticRegression (log loss)', 'ridge (RMSE)'];
const sameScore = (a: string, b: string) => a.endsWith('(RMSE)') === b.endsWith('(RMSE)');

function summary(key: string, list: readonly Optimism[], control: readonly Optimism[] | undefined): BenchRow {
  const [loss, second] = [meanOf(list.map((o) => o.loss)), meanOf(list.map((o) => o.second))];
  const isHonest = Math.abs(loss.mean) <= loss.se;
  return {
    case: key,
    unit: '% better than fresh rows',
    ours: 100 * loss.mean,
    peer: null,
    peerName: null,
    ratio: null,
    'standard error': 100 * loss.se,
    'within one': isHonest ? 'yes' : 'no',
    [key.includes('RMSE') ? 'R² gap' : 'accuracy gap']: second.mean,
    'its standard error': second.se,
    ...(control && beside(list, control)),
    runs: list.length,
  };
}

function beside(list: readonly Optimism[], control: readonly Optimism[]): Record<string, number | string> {
  const of = new Map(control.map((o) => [o.rows, o.loss]));
  const { mean, se } = meanOf(list.map((o) => o.loss - of.get(o.rows)!));
  return { 'beside the linear model': `${(100 * mean).toFixed(2)} ± ${(100 * se).toFixed(2)} %` };
}

function meanOf(values: readonly number[]): { mean: number; se: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, se: Math.sqrt(variance / values.length) };
}
