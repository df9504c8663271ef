import { CoresetConfig, type RunConfig } from '../../../contract/config.ts';
import { takeRows, takeValues } from '../../../kernels/matrix.ts';
import { createRng, permutation } from '../../../kernels/rng.ts';
import { quietTask, type TaskContext } from '../../../kernels/task.ts';
import type { EstimatorEntry } from '../../../models/entry.ts';
import { costModel, type Measured } from '../../../tune/candidates/cost.ts';
import type { Candidate } from '../../../tune/candidates/choose.ts';
import type { Folds } from '../../../tune/folds.ts';
import { drawCoreset, takesEvenDraws, type CoresetStep } from '../../../experiment/coreset/coresetStep.ts';
import { foldRows } from '../../../experiment/folds/coresetFolds.ts';
import { rowsOfFold, trainsOn, type Dealt } from '../../../experiment/folds/deal.ts';
import { LearnedFolds, MadeFolds, type FoldRows } from '../../../experiment/folds/madeFolds.ts';
import { positionsOf } from '../../../experiment/folds/positions.ts';
import type { Prepared } from '../../../experiment/rows/prepare.ts';
import type { Sample } from '../../../experiment/rows/samples.ts';
import type { HeldOut } from './heldOut.ts';

/** A candidate with its features, its coreset and the measured cost of a fit. */
export interface Contender {
  readonly candidate: Candidate;
  readonly config: RunConfig;
  readonly yaml: string;
  readonly entry: EstimatorEntry;
  readonly prepared: Prepared;
  readonly folds: Folds;
  /** Rows of a fit. */
  readonly nFitRows: number;
  /** Fits that were timed; null where no sample could be fitted. */
  readonly measured: readonly Measured[] | null;
  /** Seconds all of this took. */
  readonly seconds: number;
}

const PROBE_ROWS = [300, 1500] as const;
/** What a fit on all rows takes is told from this many, where that costs little of the budget. */
const LARGE_PROBE_ROWS = 8000;
const LARGE_PROBE_SHARE = 0.05;

/** Seconds of a fit by its rows; null where none could be timed. */
export const secondsOf = ({ measured, candidate }: Pick<Contender, 'measured' | 'candidate'>) =>
  measured && costModel(measured, candidate.growth);

/** Training rows from which candidates are compared on coresets, where the configuration leaves that to Pith. */
const MANY_ROWS = 4000;

/**
 * The coreset candidates are compared on. With `coreset: auto` not the cheaper way of a whole search, as in a run: a
 * comparison has seconds for its first trials, and those are short on a coreset.
 */
export const comparedOn = ({ coreset }: RunConfig, nTrain: number): CoresetConfig | false =>
  coreset === 'auto' ? nTrain >= MANY_ROWS && CoresetConfig.parse({}) : coreset;

/** Draws the coreset that suits the candidate's model and deals it out over the folds. */
export async function enter(
  candidate: Candidate,
  config: RunConfig,
  yaml: string,
  entry: EstimatorEntry,
  prepared: Prepared,
  dealt: Dealt,
  held: readonly HeldOut[],
  threads: number,
  budgetS: number,
  task: TaskContext,
): Promise<Contender> {
  const started = performance.now();
  const { train, target } = prepared;
  const coreset = comparedOn(config, train.y.length);
  const all: Sample = { ...train, weight: new Float64Array(train.y.length).fill(1) };
  const step =
    coreset === false
      ? null
      : await drawCoreset(
          train,
          target,
          coreset,
          entry.spec.coresetService,
          {
            C: numberOr(candidate.params['C'], 1),
            threads,
            features: prepared.preprocessor.features,
            isEven: takesEvenDraws(entry.spec),
          },
          task,
        );
  const sample = step?.sample ?? all;
  const learned = new LearnedFolds(prepared, dealt);
  const trainRows = trainRowsOf(step, prepared, dealt);
  const folds = new MadeFolds(learned, (fold) => {
    const { rows: test, weight: testWeight } = held[fold]!;
    return { ...trainRows(fold), test, testWeight };
  });
  const nRows = Array.from({ length: dealt.nFolds }, (_, fold) => trainRows(fold).train.length);
  const nFitRows = Math.round(nRows.reduce((sum, n) => sum + n, 0) / dealt.nFolds);
  const measured = await probe(candidate, entry, prepared, sample, threads, budgetS * LARGE_PROBE_SHARE, task);
  return {
    candidate,
    config,
    yaml,
    entry,
    prepared,
    folds,
    nFitRows,
    measured,
    seconds: (performance.now() - started) / 1000,
  };
}

/**
 * Rows of each fold's fit, kept: those of the coreset, weighted for all rows the fold trains on, or all of them. Weights of a
 * fold know the rows outside it only where the tree keeps the totals by the parts that were dealt.
 */
function trainRowsOf(
  step: CoresetStep | null,
  prepared: Prepared,
  dealt: Dealt,
): (fold: number) => Omit<FoldRows, 'test' | 'testWeight'> {
  const known: Omit<FoldRows, 'test' | 'testWeight'>[] = [];
  const { train, rule } = prepared;
  const isKnown = step?.drawn && (rule.kind !== 'random' || step.drawn.tree.settings.nParts === dealt.nParts);
  const calibrated = isKnown ? foldRows(step.drawn!, prepared, dealt) : null;
  const make = (fold: number) => {
    if (calibrated) return calibrated(fold);
    if (!step) return rowsOfFold(dealt, fold);
    const positions = positionsOf(step.sample.rowIds, train.rowIds);
    const kept = Uint32Array.from(positions.keys()).filter((i) => trainsOn(dealt, dealt.part[positions[i]!]!, fold));
    return { train: kept.map((i) => positions[i]!), trainWeight: takeValues(step.sample.weight, kept) };
  };
  return (fold) => (known[fold] ??= make(fold));
}

/** Times fits on two small samples and, when it is to take at most `affordableS`, on a larger one: the rate of this model, on these columns, on this machine. */
async function probe(
  { params, growth }: Candidate,
  entry: EstimatorEntry,
  { target, preprocessor, train }: Prepared,
  sample: Sample,
  threads: number,
  affordableS: number,
  task: TaskContext,
): Promise<Contender['measured']> {
  task.report({ fraction: 1, step: `Measuring the rate of ${entry.spec.title.toLowerCase()}` });
  const time = async (nRows: number, from: Pick<Sample, 'X' | 'y'> = sample): Promise<Measured> => {
    const rows = permutation(from.y.length, createRng(5)).slice(0, nRows);
    const started = performance.now();
    await entry.make(params).fit(takeRows(from.X, rows), takeValues(from.y, rows), target, {
      rng: createRng(1),
      task: { ...quietTask, signal: task.signal, isDue: () => task.isDue(), yield: () => task.yield() },
      threads,
      features: preprocessor.features,
    });
    return { nRows: rows.length, seconds: (performance.now() - started) / 1000 };
  };
  try {
    const [few, more] = PROBE_ROWS.map((n) => Math.min(n, sample.y.length)) as [number, number];
    // The first fit also loads and compiles; it is not counted.
    await time(few);
    const found = [await time(Math.max(2, Math.min(few, Math.floor(more / 2)))), await time(more)];
    const large = Math.min(LARGE_PROBE_ROWS, train.y.length);
    if (large > 2 * more && costModel(found, growth)(large) <= affordableS) found.push(await time(large, train));
    return found;
  } catch (cause) {
    if (task.signal.aborted) throw cause;
    // A sample may hold one class only; then there is no rate, and the comparison will tell.
    return null;
  }
}

const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
