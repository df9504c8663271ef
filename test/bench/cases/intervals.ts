import path from 'node:path';
import { RunConfig } from '../../../main/contract/config.ts';
import { METRIC_NAMES, METRICS, type MetricName, type Scores } from '../../../main/contract/metrics.ts';
import { importFile } from '../../../main/data/importFile.ts';
import { prepare } from '../../../main/experiment/rows/prepare.ts';
import { percentileInterval, poissonWeights } from '../../../main/evaluate/bootstrap.ts';
import { said, score, scorerOf, type Said } from '../../../main/evaluate/scorer.ts';
import { scoreWithIntervals } from '../../../main/evaluate/withIntervals.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import type { Bench, BenchContext, BenchRow } from '../harness.ts';
import { indexedSets } from '../helpers/indexedSets.ts';

const N_TRAIN = 4000;
const SIZES = [60, 200, 1000] as const;
const N_DRAWS = 200;
/** Draws of the percentile bootstrap beside them, of 100 resamples each: it is slow, so of few classes only. */
const N_BOOTSTRAPS = Number(process.env['PITH_BENCH_BOOTSTRAPS'] ?? 40);
/** A coverage is told of a fit where at least this many of its samples had rows enough for an interval. */
const MIN_SHOWN = 50;

/** Names in the index, by task, and the models fitted on each. */
const KINDS = [
  {
    name: 'two classes',
    models: ['logisticRegression', 'gradientBoosting'],
    sets: [
      'mammography',
      'credit_default',
      'bank_marketing',
      'adult',
      'magic_telescope',
      'cardio',
      'electricity_elec2',
      'noaa_weather',
      'telco_churn',
      'kdd99_http',
    ],
  },
  {
    name: 'numbers',
    models: ['ridge', 'gradientBoosting'],
    sets: [
      'california_housing',
      'bike_sharing',
      'diamonds',
      'kc_house',
      'protein_casp',
      'traffic_volume',
      'beijing_pm25',
    ],
  },
  {
    name: 'many classes',
    models: ['logisticRegression', 'gradientBoosting'],
    sets: ['covtype_20k', 'letter', 'dry_bean', 'satimage', 'wine_quality', 'poker_100k'],
  },
] as const;

/** How often the intervals of samples held the value of all rows. */
interface Held {
  shown: number;
  held: number;
  tooFew: number;
  readonly widths: number[];
}
type Coverage = Map<string, Held>;

export const intervals: Bench = {
  name: 'intervals',
  description: 'coverage of the 95 % intervals of metrics: samples of 60, 200 and 1,000 rows beside all rows kept back',
  async run(context) {
    const rows: BenchRow[] = [];
    for (const kind of KINDS) {
      const fits: { label: string; ours: Coverage; bootstrap: Coverage }[] = [];
      for (const name of kind.sets) {
        for (const type of kind.models) {
          const label = `${name}, ${type}`;
          if (context.only !== null && !label.includes(context.only)) continue;
          fits.push({ label, ...(await coverageOf(name, type, context)) });
          context.log(label);
        }
      }
      if (fits.length > 0) rows.push(...summary(kind.name, fits));
    }
    return rows;
  },
};

async function coverageOf(name: string, type: string, { dataDir, tempDir, threads, log }: BenchContext) {
  if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
  const entry = indexedSets(dataDir).find((set) => set.name === name);
  if (!entry) throw new Error(`there is no set "${name}" in the index`);
  const words = entry.read?.na_values?.map(String);
  const version = await importFile(
    path.join(dataDir, entry.file),
    words ? { nullWords: ['', ...words] } : {},
    tempDir,
    quietTask,
  );
  const columns = new Set(version.columns.map((column) => column.name));
  const config = RunConfig.parse({
    data: {
      path: entry.file,
      target: entry.target,
      task: entry.task,
      drop: (entry.drop ?? []).filter((column) => columns.has(column)),
    },
    model: { type },
    split: { validation: Math.max(0.4, 1 - N_TRAIN / version.nRows), test: 0 },
  });
  const estimator = await estimatorEntry(type);
  const { train, validation, target, preprocessor } = await prepare(version.file, config, estimator);
  const fitted = await estimator.make({}).fit(train.X, train.y, target, {
    rng: createRng(1),
    task: quietTask,
    threads,
    features: preprocessor.features,
  });
  const all = await said(fitted, validation.X);
  const truth = score(all, validation.y);
  log(
    `${validation.y.length} rows, ${METRIC_NAMES.flatMap((m) => (truth[m] === undefined ? [] : [`${m} ${truth[m].toPrecision(3)}`])).join(', ')}`,
  );
  const rng = createRng(7);
  const ours: Coverage = new Map();
  const bootstrap: Coverage = new Map();
  for (const n of SIZES) {
    for (let draw = 0; draw < N_DRAWS; draw++) {
      const rows = Uint32Array.from({ length: n }, () => rng.int(validation.y.length));
      const [own, y] = [take(all, rows), takeValues(validation.y, rows)];
      for (const [metric, interval] of Object.entries(scoreWithIntervals(own, y)))
        count(ours, n, metric as MetricName, truth, interval);
      if (draw >= N_BOOTSTRAPS || target.task === 'multiclass') continue;
      const scores = scorerOf(own, y);
      const resampled = Array.from({ length: 100 }, () => scores(poissonWeights(n, rng)));
      for (const metric of Object.keys(scores()) as MetricName[])
        count(bootstrap, n, metric, truth, percentileInterval(resampled.map((s) => s[metric] ?? NaN)) ?? {});
    }
  }
  return { ours, bootstrap };
}

const take = (all: Said, rows: Uint32Array): Said =>
  'predicted' in all
    ? { predicted: takeValues(all.predicted, rows) }
    : { labels: takeValues(all.labels, rows), proba: takeRows(all.proba, rows) };

const keyOf = (n: number, metric: string) => `${metric} ${n}`;

function count(
  coverage: Coverage,
  n: number,
  metric: MetricName,
  truth: Scores,
  { low, high }: { low?: number | undefined; high?: number | undefined },
): void {
  const value = truth[metric];
  if (value === undefined) return;
  const key = keyOf(n, metric);
  const entry = coverage.get(key) ?? { shown: 0, held: 0, tooFew: 0, widths: [] };
  coverage.set(key, entry);
  if (low === undefined || high === undefined) {
    entry.tooFew++;
    return;
  }
  entry.shown++;
  entry.widths.push(high - low);
  if (low <= value && value <= high) entry.held++;
}

/** One row a metric and size: the mean over fits, and the fit where it is least. */
function summary(kind: string, fits: readonly { label: string; ours: Coverage; bootstrap: Coverage }[]): BenchRow[] {
  return METRIC_NAMES.filter((metric) => METRICS[metric].needs !== 'structure').flatMap((metric) =>
    SIZES.flatMap((n): BenchRow[] => {
      const of = (side: 'ours' | 'bootstrap', least: number) =>
        fits.flatMap(({ label, [side]: coverage }) => {
          const found = coverage.get(keyOf(n, metric));
          return found && found.shown >= least ? [{ label, found, share: (100 * found.held) / found.shown }] : [];
        });
      const ours = of('ours', MIN_SHOWN);
      if (ours.length === 0) return [];
      const least = ours.reduce((a, b) => (b.share < a.share ? b : a));
      const most = ours.reduce((a, b) => (b.share > a.share ? b : a));
      const before = of('bootstrap', 10);
      const all = fits.flatMap(({ ours: coverage }) => coverage.get(keyOf(n, metric)) ?? []);
      const tooFew = all.reduce((sum, c) => sum + c.tooFew, 0);
      const samples = all.reduce((sum, c) => sum + c.tooFew + c.shown, 0);
      return [
        {
          case: `${kind}, ${metric}, ${n} rows`,
          unit: '% held',
          ours: meanOf(ours.map(({ share }) => share)),
          peer: before.length > 0 ? meanOf(before.map(({ share }) => share)) : null,
          peerName: before.length > 0 ? 'percentile bootstrap' : null,
          ratio: null,
          spread: [least.share, most.share],
          least: least.label,
          fits: ours.length,
          tooFewPercent: (100 * tooFew) / samples,
          ...(before.length > 0 && { bootstrapLeast: Math.min(...before.map(({ share }) => share)) }),
        },
      ];
    }),
  );
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
