import { AppError } from '../../contract/errors.ts';
import { subtask, type TaskContext } from '../../kernels/task.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import { estimatorEntry } from '../../models/registry.ts';
import type { ExperimentContext } from '../context.ts';
import type { CoresetStep } from '../coreset/coresetStep.ts';
import type { SettledConfig } from '../coreset/settled.ts';
import { holdOutOfWhole } from '../folds/coresetHoldOut.ts';
import type { Prepared } from '../rows/prepare.ts';
import { meanOne, stratifiedSample, uniformSample, type Sample } from '../rows/samples.ts';
import type { Tuned } from '../tuned.ts';
import type { FittedOn } from '../seal/sealed.ts';
import { fitOn, fitRefreshed, type FitOptions, type FitSample } from './fitStep.ts';

/** The winner on the coreset, on all rows, on a uniform and a stratified sample of the coreset's size; and the baseline. */
export async function fitAll(
  config: SettledConfig,
  entry: EstimatorEntry,
  params: Tuned['params'],
  prepared: Prepared,
  coreset: CoresetStep | null,
  threads: number,
  sitting: Pick<FitOptions, 'checkpoints' | 'spentMs' | 'curve'>,
  context: ExperimentContext,
): Promise<FittedOn[]> {
  const { train } = prepared;
  const task = subtask(context, 0.55, 0.9);
  const options = { seed: config.split.seed, threads, provider: config.compute.provider };
  const models: FittedOn[] = [];
  const quiet = (at: TaskContext): TaskContext => ({ ...at, point: () => undefined });
  const fit = async (rows: FittedOn['rows'], sample: FitSample, from: number, to: number, step: string) => {
    const at = subtask(task, from, to, step);
    at.report({ fraction: 0 });
    // Curves, findings and checkpoints are of one fit, the one on all rows.
    const own = rows === 'full' ? { ...options, ...sitting, onFinding: context.finding.bind(context) } : options;
    models.push(await fitOn(rows, sample, entry, params, prepared, own, rows === 'full' ? at : quiet(at)));
  };
  if (coreset) {
    const size = coreset.sample.y.length;
    const seed = config.coreset === false ? 0 : config.coreset.seed;
    const { sample, drawn } = coreset;
    const ours: FitSample = drawn ? { ...sample, holdOut: holdOutOfWhole(drawn, prepared) } : sample;
    if (config.coreset !== false && config.coreset.refresh && entry.spec.family === 'tree')
      models.push(await fitRefreshed(ours, entry, params, prepared, options, quiet(task)));
    else await fit('coreset', ours, 0, 0.1, 'Fitting on the coreset');
    if (size < train.y.length) {
      // Trees take weights of mean 1, so that the samples are compared at their best.
      const fair = (sample: Sample) =>
        entry.spec.family === 'tree' ? { ...sample, weight: meanOne(sample.weight) } : sample;
      const uniform = fair(uniformSample(train, size, seed));
      await fit('uniform', uniform, 0.1, 0.15, 'Fitting on a uniform sample').catch(oneClass);
      if (prepared.target.task !== 'regression')
        await fit('stratified', fair(stratifiedSample(train, size, seed)), 0.15, 0.2, 'Fitting on a stratified sample');
    }
  }
  await fit('full', train, 0.2, 0.95, 'Fitting on all rows').catch(coreset ? tooLarge(prepared) : undefined);
  const baseline = await estimatorEntry('baseline');
  models.push(await fitOn('baseline', train, baseline, {}, prepared, options, quiet(task)));
  return models;
}

/** A kernel machine of all rows may be beyond any memory; then the coreset's model is what there is. */
const tooLarge =
  ({ warnings }: Prepared) =>
  (cause: unknown): void => {
    if (!(cause instanceof AppError && cause.code === 'KERNEL_TOO_LARGE')) throw cause;
    warnings.push(`The model was fitted on the coreset only. ${cause.message}`);
  };

/** A small uniform sample may hold one class only; then there is nothing to compare with. */
function oneClass(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && /CLASS/.test(String(cause.code)))) throw cause;
}
