import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../contract/errors.ts';
import { describeTree } from '../../../coreset/info.ts';
import { buildTree } from '../../../coreset/tree/build.ts';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { excessEstimate } from '../../../coreset/tree/excess.ts';
import { saveTree } from '../../../coreset/tree/treeFile.ts';
import { planVersion, type VersionPlan } from '../../../coreset/version/plan.ts';
import { featuresOf, versionSource } from '../../../coreset/version/source.ts';
import { subtask } from '../../../kernels/task.ts';
import type { JobContext } from '../../handlers.ts';
import type { BuildInput, BuildOutcome, CoresetRecipe } from './input.ts';

/** Builds a tree from a data version, chunk by chunk. */
export async function buildOne(input: BuildInput, context: JobContext): Promise<BuildOutcome> {
  const startedAt = performance.now();
  const plan = await planned(input, context);
  tellWhole(input.size, plan, context);
  const tree = await buildTree(
    versionSource(input.file, plan, context.signal),
    {
      service: plan.service,
      size: input.size,
      seed: input.seed,
      chunkSize: input.chunkSize,
      classSize: input.classSize && byClass(input.classSize, plan),
      serviceOptions: { features: featuresOf(plan) },
      threads: context.threads,
    },
    subtask(context, 0.1, 0.95),
  );
  context.report({ fraction: 0.95, step: 'Saving the tree' });
  return keep(tree, plan, input, startedAt, context, 'tree.pith');
}

export async function planned(
  input: Pick<BuildInput, 'file' | 'service' | 'target' | 'drop' | 'timeColumn'>,
  context: JobContext,
): Promise<VersionPlan> {
  context.report({ fraction: 0, step: 'Reading the columns' });
  const plan = await planVersion(input.file, input, context.signal);
  for (const warning of plan.warnings) context.log(warning);
  return plan;
}

export function tellWhole(size: number, plan: VersionPlan, context: JobContext): void {
  const wanted = Math.round(size < 1 ? size * plan.nRows : size);
  if (wanted < plan.nRows) return;
  context.log(`The data have ${plan.nRows} rows, no more than the ${wanted} asked for: all are kept, with weight 1.`);
}

/** The tree's file in the staging folder, and what the store keeps about it. */
export async function keep(
  tree: CoresetTree,
  plan: VersionPlan,
  input: Pick<BuildInput, 'drop' | 'seed'>,
  startedAt: number,
  context: JobContext,
  fileName: string,
): Promise<BuildOutcome> {
  const bytes = saveTree(tree);
  const treeFile = join(context.stagingDir, fileName);
  await writeFile(treeFile, bytes);
  const { nRows, nRowsCovered, nLevels } = describeTree(tree, plan.classes);
  const recipe: CoresetRecipe = { plan, drop: input.drop };
  return {
    treeFile,
    meta: {
      ...recipe,
      service: plan.service,
      target: plan.target,
      size: tree.settings.size,
      nRows,
      nRowsCovered,
      nLevels,
      seed: tree.settings.seed,
      buildMs: performance.now() - startedAt,
      bytes: bytes.length,
      excessLoss: excessEstimate(tree),
    },
  };
}

/** Throws AppError CLASS_UNKNOWN. */
export function byClass(
  sizes: Readonly<Record<string, number | 'all'>>,
  { classes }: VersionPlan,
): Map<number, number | 'all'> {
  return new Map(
    Object.entries(sizes).map(([label, size]) => {
      const index = classes.indexOf(label);
      if (index >= 0) return [index, size];
      throw new AppError({
        code: 'CLASS_UNKNOWN',
        message: `The target has no class "${label}". There are: ${classes.join(', ') || 'none'}.`,
        fix: { kind: 'setParam', label: 'Name classes of the target', args: { name: 'classSize' } },
      });
    }),
  );
}
