import { buildTree } from '../../../coreset/tree/build.ts';
import { SharedSource } from '../../../coreset/tree/sharedSource.ts';
import { featuresOf, versionSource } from '../../../coreset/version/source.ts';
import { subtask } from '../../../kernels/task.ts';
import type { JobContext } from '../../handlers.ts';

import { byClass, keep, planned, tellWhole } from './build.ts';
import { scoreOf } from './foldScore.ts';
import type { CompareInput, Compared, CompareOutcome } from './input.ts';

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
    const score = await scoreOf(tree, featuresOf(plan), context);
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
