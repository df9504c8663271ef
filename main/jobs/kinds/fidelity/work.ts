import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FidelityCurve } from '../../../contract/coreset.ts';
import { AppError } from '../../../contract/errors.ts';
import { strictJson } from '../../../contract/strictJson.ts';
import { featuresOf } from '../../../coreset/version/source.ts';
import type { JobContext, JobKindHandler } from '../../handlers.ts';
import { takesEvenDraws } from '../../../experiment/coreset/coresetStep.ts';
import { adviceOf } from './advice.ts';
import { drawSample, maxToMeanScore, type SampleKind } from './draws.ts';
import type { FidelityInput, FidelityOutcome } from './input.ts';
import { chooseModel, mostRows } from './models.ts';
import { pointOf, sizesAround, type Draw } from './points.ts';
import { readMeasuredRows } from './rows.ts';
import { CpuClock, savedBy } from './saved.ts';
import { gapsBetween, yardstickFor } from './yardstick.ts';

/** Gap to all rows by size, of coresets and of uniform and stratified samples of the same sizes, over several draws. */
export const work: JobKindHandler<FidelityInput, FidelityOutcome> = {
  kind: 'fidelity',
  async work(input, context) {
    const curveFile = path.join(context.stagingDir, 'fidelity.json');
    await writeFile(curveFile, strictJson(await measureCurve(input, context)));
    return { curveFile };
  },
};

async function measureCurve(input: FidelityInput, context: JobContext): Promise<FidelityCurve> {
  const { plan, seed, size: ownSize } = input;
  const model = await chooseModel(plan.service, plan.targetInfo, { asked: input.model, k: input.k });
  const { spec } = model.entry;
  const rows = await readMeasuredRows(input, mostRows(model.entry), context);
  const { train, validation } = rows;
  if (rows.step > 1) context.log(`Measured on every ${rows.step}th row: ${train.y.length} to fit on.`);
  const features = featuresOf(plan);
  const yardstick = yardstickFor(model, rows, features, context);
  const drawing = { service: plan.service, k: input.k, features, isEven: takesEvenDraws(spec) };

  context.report({ fraction: 0.05, step: `Fitting ${spec.title} on all ${train.y.length} rows` });
  const cpu = new CpuClock();
  const fullModel = await yardstick.fit(train, seed);
  const fullCpu = cpu.lap();
  const full = await yardstick.measure(fullModel);
  const onSize: { build: number; fit: number }[] = [];
  let maxToMean: number | undefined;

  /** One sample of a kind and what is fitted on it: with a coreset comes its refreshed model, where there is one. */
  const measureDraw = async (kind: 'coreset' | 'uniform' | 'stratified', size: number, draw: number) => {
    cpu.lap();
    const sample = await drawSample(kind, rows, drawing, size, seed + draw, context);
    const build = cpu.lap();
    const drawOf = async (fitted: Awaited<ReturnType<typeof yardstick.fit>>): Promise<Draw> => {
      const measured = await yardstick.measure(fitted);
      return { excess: measured.loss / full.loss - 1, gaps: gapsBetween(measured, full, validation.y) };
    };
    const fitted = await yardstick.fit(sample, seed + draw).catch(oneClass);
    if (kind === 'coreset' && size === ownSize) onSize.push({ build, fit: cpu.lap() });
    if (sample.pilot && maxToMean === undefined) maxToMean = maxToMeanScore(sample.pilot, train);
    const out = new Map<SampleKind, Draw>();
    if (fitted) out.set(kind, await drawOf(fitted));
    if (fitted && kind === 'coreset' && yardstick.canRefresh)
      out.set('refreshed', await drawOf(await yardstick.fitRefreshed(sample, seed + draw)));
    return out;
  };

  const isClassed = rows.target !== null && rows.target.task !== 'regression';
  const kinds = ['coreset', 'uniform', ...(isClassed ? (['stratified'] as const) : [])] as const;
  const sizes = (input.sizes ?? sizesAround(ownSize)).filter((size) => size < train.y.length);
  const points: FidelityCurve['points'] = [];
  const nAll = sizes.length * kinds.length * input.nDraws;
  let nDone = 0;
  for (const size of sizes) {
    for (const kind of kinds) {
      const draws = new Map<SampleKind, Draw[]>();
      for (let draw = 0; draw < input.nDraws; draw++) {
        const step = `${size.toLocaleString('en')} rows, ${kind} ${draw + 1} of ${input.nDraws}`;
        context.report({ fraction: 0.1 + (0.9 * nDone++) / nAll, step });
        for (const [sample, measured] of await measureDraw(kind, size, draw))
          draws.set(sample, [...(draws.get(sample) ?? []), measured]);
        await context.yield();
        context.signal.throwIfAborted();
      }
      for (const [sample, measured] of draws) points.push(pointOf(size, sample, measured));
    }
  }
  const loss = yardstick.loss;
  return {
    coresetId: input.coresetId,
    nValidation: validation.y.length,
    model: { type: spec.type, title: spec.title },
    loss,
    points,
    advice: adviceOf(points, ownSize, loss, { maxToMean, levels: input.levels ?? [] }),
    ...(onSize.length > 0 && { saved: savedBy(fullCpu, onSize, train.y.length, ownSize) }),
    ...(maxToMean !== undefined && { maxToMeanLeverage: maxToMean }),
  };
}

/** A small sample may hold one class only; then there is nothing to fit. */
function oneClass(cause: unknown): null {
  if (cause instanceof AppError && /CLASS/.test(cause.code)) return null;
  throw cause;
}
