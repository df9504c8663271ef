import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FidelityCurve } from '../../../contract/coreset.ts';
import { AppError } from '../../../contract/errors.ts';
import { memorySource, sliceRows } from '../../../coreset/rows.ts';
import type { Pilot } from '../../../coreset/services/service.ts';
import { buildTree } from '../../../coreset/tree/build.ts';
import { versionSource } from '../../../coreset/version/source.ts';
import { metricGaps, type Predictions } from '../../../evaluate/compare.ts';
import { takeRows, takeValues, type Matrix } from '../../../kernels/matrix.ts';
import { createRng } from '../../../kernels/rng.ts';
import { quietTask } from '../../../kernels/task.ts';
import type { Fitted, TargetInfo } from '../../../models/estimator.ts';
import { estimatorEntry } from '../../../models/registry.ts';
import { splitRows } from '../../../data/split.ts';
import type { JobContext, JobKindHandler } from '../../handlers.ts';
import { fullObjective } from '../run/objective.ts';
import { stratifiedSample, uniformSample, type Sample } from '../run/samples.ts';
import type { Part } from '../run/prepare.ts';
import { adviceOf } from './advice.ts';
import { CpuClock, savedBy } from './saved.ts';
import { MODELS } from './models.ts';
import type { FidelityInput, FidelityOutcome } from './input.ts';

/** Values a measurement keeps in memory; of larger data, every k-th row is measured on. */
const MAX_VALUES = 100_000_000;

/** Gap to all rows by size, of coresets and of uniform and stratified samples of the same sizes, over several draws. */
export const work: JobKindHandler<FidelityInput, FidelityOutcome> = {
  kind: 'fidelity',
  async work(input, context) {
    const { train, validation, target } = await readParts(input, context);
    const model = MODELS[input.plan.service];
    if (!model) {
      throw new AppError({
        code: 'FIDELITY_NOT_FOR_SERVICE',
        message: `The gap to all rows is measured for logistic and linear coresets, not yet for ${input.plan.service}.`,
        fix: { kind: 'chooseService', label: 'Build a coreset for one of these services' },
      });
    }
    const entry = await estimatorEntry(model.type);
    const fit = (sample: Omit<Sample, 'weight'> & { weight?: Float64Array }): Promise<Fitted> =>
      entry.make(model.params).fit(sample.X, sample.y, target, {
        rng: createRng(input.seed).fork('fit'),
        task: { ...quietTask, signal: context.signal },
        threads: context.threads,
        ...(sample.weight && { sampleWeight: sample.weight }),
      });
    const predict = async (fitted: Fitted): Promise<Predictions> =>
      target.task === 'regression'
        ? { predicted: await fitted.predict(validation.X) }
        : { proba: await fitted.predictProba(validation.X) };

    context.report({ fraction: 0.1, step: 'Fitting on all rows' });
    const cpu = new CpuClock();
    const full = await fit(train);
    const fullCpu = cpu.lap();
    const onSize: { build: number; fit: number }[] = [];
    let maxToMean: number | undefined;
    const fullPredictions = await predict(full);
    const best = await fullObjective(full, train, model.params);
    const points: FidelityCurve['points'] = [];
    const sizes = (input.sizes ?? sizesAround(input.size)).filter((size) => size < train.y.length);
    for (const [at, size] of sizes.entries()) {
      for (const [k, kind] of (['coreset', 'uniform', 'stratified'] as const).entries()) {
        if (kind === 'stratified' && target.task === 'regression') continue;
        context.report({ fraction: 0.1 + (0.9 * (at + k / 3)) / sizes.length, step: `${size} rows, ${kind}` });
        const draws = await measure(input.nDraws, async (draw) => {
          cpu.lap();
          const sample = await drawOf(kind, train, target, input, size, input.seed + draw, context);
          const build = cpu.lap();
          const fitted = await fit(sample).catch(oneClass);
          if (kind === 'coreset' && size === input.size) onSize.push({ build, fit: cpu.lap() });
          if (sample.pilot && maxToMean === undefined) maxToMean = unequal(sample.pilot, train);
          if (!fitted) return null;
          const objective = await fullObjective(fitted, train, model.params);
          const gaps = metricGaps(await predict(fitted), fullPredictions, validation.y, createRng(0), 0);
          return { excess: objective === null || best === null ? NaN : objective / best - 1, gaps };
        });
        if (draws.length > 0) points.push(pointOf(size, kind, draws));
        await context.yield();
        context.signal.throwIfAborted();
      }
    }
    const curve: FidelityCurve = {
      coresetId: input.coresetId,
      nValidation: validation.y.length,
      points,
      advice: adviceOf(points, input.size, {
        ...(maxToMean !== undefined && { maxToMean }),
        levels: input.levels ?? [],
      }),
      ...(onSize.length > 0 && { saved: savedBy(fullCpu, onSize, train.y.length, input.size) }),
      ...(maxToMean !== undefined && { maxToMeanLeverage: maxToMean }),
    };
    const curveFile = path.join(context.stagingDir, 'fidelity.json');
    await writeFile(curveFile, JSON.stringify(curve));
    return { curveFile };
  },
};

interface Draw {
  readonly excess: number;
  readonly gaps: ReturnType<typeof metricGaps>;
}

async function measure(nDraws: number, work: (draw: number) => Promise<Draw | null>): Promise<Draw[]> {
  const draws: Draw[] = [];
  for (let draw = 0; draw < nDraws; draw++) {
    const measured = await work(draw);
    if (measured) draws.push(measured);
  }
  return draws;
}

async function drawOf(
  kind: 'coreset' | 'uniform' | 'stratified',
  train: Part,
  target: TargetInfo,
  { plan }: FidelityInput,
  size: number,
  seed: number,
  context: JobContext,
): Promise<Sample & { readonly pilot?: Pilot }> {
  if (kind === 'uniform') return uniformSample(train, size, seed);
  if (kind === 'stratified') return stratifiedSample(train, size, seed);
  const tree = await buildTree(
    memorySource(train, target),
    { service: plan.service, size, seed, threads: context.threads },
    { ...quietTask, signal: context.signal },
  );
  const { X, y, rowIds, weight } = tree.coreset(0);
  return { X, y, rowIds, weight, pilot: tree.drawPilot };
}

/** Largest score of a row over the mean one. */
function unequal(pilot: Pilot, { X, y }: Part): number {
  let [most, sum] = [0, 0];
  for (let from = 0; from < y.length; from += 8192) {
    const rows = sliceRows({ X, y }, from, Math.min(y.length, from + 8192));
    const score = new Float64Array(rows.y.length);
    pilot.visit(rows, { score });
    for (const s of score) {
      sum += s;
      if (s > most) most = s;
    }
  }
  return sum > 0 ? (most * y.length) / sum : 1;
}

function pointOf(
  size: number,
  sample: FidelityCurve['points'][number]['sample'],
  draws: readonly Draw[],
): FidelityCurve['points'][number] {
  const names = Object.keys(draws[0]?.gaps ?? {});
  return {
    size,
    sample,
    nDraws: draws.length,
    excessLoss: band(draws.map(({ excess }) => excess)),
    gaps: Object.fromEntries(names.map((name) => [name, band(draws.map(({ gaps }) => gaps[name]?.gap ?? NaN))])),
  };
}

/** Median and 10–90 % band. */
function band(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.round(q * (sorted.length - 1)))] ?? 0;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

/** An eighth of the coreset's size to twice it. */
const sizesAround = (size: number): number[] =>
  [...new Set([size / 8, size / 4, size / 2, size, 2 * size].map(Math.round))].filter((n) => n >= 20);

/** A small sample may hold one class only; then there is nothing to fit. */
function oneClass(cause: unknown): null {
  if (cause instanceof AppError && /CLASS/.test(cause.code)) return null;
  throw cause;
}

/** Training and validation rows of the version, in memory; every k-th of data that is too large. */
async function readParts({ file, plan, seed }: FidelityInput, context: JobContext) {
  context.report({ fraction: 0, step: 'Reading the rows' });
  const source = versionSource(file, plan, context.signal);
  const target = source.target;
  if (target === null) {
    throw new AppError({
      code: 'FIDELITY_NEEDS_TARGET',
      message: 'The gap to all rows is measured by a model, and this coreset has no target.',
      fix: { kind: 'chooseTarget', label: 'Build a coreset with a target' },
    });
  }
  const step = Math.max(1, Math.ceil((source.nRows * source.nFeatures) / MAX_VALUES));
  const parts: { X: Matrix; y: Float64Array; rowIds: Uint32Array }[] = [];
  for await (const chunk of source.chunks()) {
    const kept = Uint32Array.from(chunk.y.keys()).filter((i) => chunk.rowIds[i]! % step === 0);
    parts.push({
      X: takeRows(chunk.X, kept),
      y: takeValues(chunk.y, kept),
      rowIds: Uint32Array.from(kept, (i) => chunk.rowIds[i]!),
    });
  }
  const all = joined(parts, source.nFeatures);
  const split = splitRows(
    {
      rows: Uint32Array.from(all.y.keys()),
      ...(target.task !== 'regression' && { classes: all.y }),
    },
    { validation: 0.2, test: 0, stratify: true, seed },
  );
  const part = (ids: Uint32Array): Part => ({ rowIds: ids, X: takeRows(all.X, ids), y: takeValues(all.y, ids) });
  return { train: part(split.train), validation: part(split.validation), target };
}

function joined(parts: readonly { X: Matrix; y: Float64Array }[], nCols: number): { X: Matrix; y: Float64Array } {
  const nRows = parts.reduce((sum, { y }) => sum + y.length, 0);
  const data = new Float32Array(nRows * nCols);
  const y = new Float64Array(nRows);
  let at = 0;
  for (const part of parts) {
    data.set(part.X.data, at * nCols);
    y.set(part.y, at);
    at += part.y.length;
  }
  return { X: { data, nRows, nCols }, y };
}
