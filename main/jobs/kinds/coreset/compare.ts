import { buildTree } from '../../../coreset/tree/build.ts';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { calibratedFolds } from '../../../coreset/tree/folds.ts';
import { SharedSource } from '../../../coreset/tree/sharedSource.ts';
import { featuresOf, versionSource } from '../../../coreset/version/source.ts';
import { classificationMetrics } from '../../../evaluate/classification.ts';
import { mainMetric } from '../../../evaluate/metricNames.ts';
import { regressionMetrics } from '../../../evaluate/regression.ts';
import { takeRows, takeValues } from '../../../kernels/matrix.ts';
import { createRng } from '../../../kernels/rng.ts';
import { quietTask, subtask } from '../../../kernels/task.ts';
import { estimatorEntry } from '../../../models/registry.ts';
import type { JobContext } from '../../handlers.ts';
import { MODELS } from '../fidelity/models.ts';
import { byClass, keep, planned, tellWhole } from './build.ts';
import type { CompareInput, Compared, CompareOutcome } from './input.ts';

const N_FOLDS = 5;

/** Several sizes and settings in the same passes over the data, each with its cross-validated score: data tuning. */
export async function buildCompared(input: CompareInput, context: JobContext): Promise<CompareOutcome> {
  const startedAt = performance.now();
  const plan = await planned(input, context);
  const source = versionSource(input.file, plan, context.signal);
  const shared = new SharedSource(source, input.settings.length);
  const building = subtask(context, 0.1, 0.85, 'Building all of them in the same passes');
  const fractions = input.settings.map(() => 0);
  const trees = await Promise.all(
    input.settings.map(async (setting, i) => {
      tellWhole(setting.size, plan, context);
      try {
        return await buildTree(
          shared.reader(),
          {
            service: plan.service,
            size: setting.size,
            seed: setting.seed ?? input.seed,
            classSize: setting.classSize && byClass(setting.classSize, plan),
            serviceOptions: { features: featuresOf(plan) },
            threads: context.threads,
          },
          {
            ...building,
            report: ({ fraction }) => {
              fractions[i] = Math.max(fractions[i]!, fraction ?? 0);
              building.report({ fraction: fractions.reduce((a, b) => a + b, 0) / fractions.length });
            },
          },
        );
      } finally {
        shared.leave();
      }
    }),
  );
  const built: CompareOutcome['built'][number][] = [];
  for (const [i, tree] of trees.entries()) {
    context.report({ fraction: 0.85 + (0.1 * i) / trees.length, step: 'Scoring' });
    const score = await scoreOf(tree, context);
    const kept = await keep(tree, plan, input, startedAt, context, `tree-${i}.pith`);
    const compared: Compared = { comparisonId: input.comparisonId, ...score };
    built.push({ ...kept, name: `${input.name} · ${nameOf(input.settings[i]!)}`, meta: { ...kept.meta, compared } });
  }
  return { built };
}

function nameOf({ size, seed, classSize }: CompareInput['settings'][number]): string {
  const parts = [size < 1 ? `${100 * size} %` : `${size.toLocaleString('en')} rows`];
  if (seed !== undefined) parts.push(`seed ${seed}`);
  for (const [label, n] of Object.entries(classSize ?? {})) parts.push(`${n === 'all' ? 'all' : n} of ${label}`);
  return parts.join(', ');
}

/** Cross-validated on folds of all rows, as the coreset tells them. */
async function scoreOf(tree: CoresetTree, context: JobContext): Promise<Omit<Compared, 'comparisonId'>> {
  const model = MODELS[tree.settings.service];
  const { target } = tree;
  if (!model || target === null) return { metric: null, mean: null, standardError: null, fitMs: 0 };
  const metric = mainMetric(target.task);
  const entry = await estimatorEntry(model.type);
  const coreset = tree.coreset(0);
  const scores: number[] = [];
  const from = performance.now();
  for (const fold of calibratedFolds(tree, N_FOLDS, tree.settings.seed, coreset)) {
    const fitted = await entry
      .make(model.params)
      .fit(takeRows(coreset.X, fold.trainRows), takeValues(coreset.y, fold.trainRows), target, {
        rng: createRng(0),
        task: { ...quietTask, signal: context.signal },
        threads: context.threads,
        sampleWeight: fold.trainWeights,
      });
    const X = takeRows(coreset.X, fold.testRows);
    const y = takeValues(coreset.y, fold.testRows);
    const values =
      target.task === 'regression'
        ? regressionMetrics(await fitted.predict(X), y, fold.testWeights)
        : classificationMetrics(await fitted.predictProba(X), y, fold.testWeights);
    const value = values[metric];
    if (value !== undefined && Number.isFinite(value)) scores.push(value);
    await context.yield();
    context.signal.throwIfAborted();
  }
  const fitMs = (performance.now() - from) / N_FOLDS;
  if (scores.length === 0) return { metric, mean: null, standardError: null, fitMs };
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const variance = scores.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, scores.length - 1);
  return { metric, mean, standardError: Math.sqrt(variance / scores.length), fitMs };
}
