import type { CoresetConfig, RunConfig } from '../../contract/config.ts';
import { buildSeconds, foldSeconds } from '../../coreset/buildCost.ts';
import { createRng } from '../../kernels/rng.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import { fitSeconds } from '../../models/fitCost.ts';
import { drawParams, expandGrid, type Params } from '../../tune/space.ts';
import type { Prepared } from '../rows/prepare.ts';

/** All that the cost of a run is told from, beside its configuration. */
export interface RunShape {
  readonly nTrain: number;
  readonly nValidation: number;
  /** Columns after preprocessing. */
  readonly nFeatures: number;
  /** 0 where no classes are predicted. */
  readonly nClasses: number;
}

export const shapeOf = ({
  train,
  validation,
  target,
}: Pick<Prepared, 'train' | 'validation' | 'target'>): RunShape => ({
  nTrain: train.X.nRows,
  nValidation: validation.X.nRows,
  nFeatures: train.X.nCols,
  nClasses: target.task === 'regression' ? 0 : target.nClasses,
});

/** The check of the ranking costs at most this share of the search. */
export const RANKING_SHARE = 0.2;
/** Configurations a cost is averaged over. */
const MAX_COUNTED = 200;

/** Rows of the root of a coreset of `nTrain` rows. */
export const coresetRows = ({ size }: CoresetConfig, nTrain: number): number =>
  Math.min(nTrain, Math.max(1, Math.round(size < 1 ? size * nTrain : size)));

/** What the search of a run will try, as far as that is known before it; none where nothing is searched. */
export function configurationsOf({ tune }: RunConfig): {
  readonly length: number;
  readonly counted: readonly Params[];
} {
  if (!tune || tune.method === 'none' || Object.keys(tune.space).length === 0) return { length: 0, counted: [] };
  if (tune.method === 'grid') {
    const grid = expandGrid(tune.space);
    return { length: grid.length, counted: spread(grid) };
  }
  const rng = createRng(tune.seed).fork('cost');
  const length = tune.trials;
  return { length, counted: Array.from({ length: Math.min(MAX_COUNTED, length) }, () => drawParams(tune.space, rng)) };
}

const spread = (grid: readonly Params[]): readonly Params[] =>
  grid.length <= MAX_COUNTED
    ? grid
    : Array.from({ length: MAX_COUNTED }, (_, i) => grid[Math.floor((i * grid.length) / MAX_COUNTED)]!);

/**
 * CPU seconds of a run with the coreset and without, by a count of operations at fixed rates: what both ways have in
 * common is in neither.
 *
 * With: the tree, the folds' calibration, the search on the coreset, the check of its ranking, the fits on the coreset and
 * on plain samples of its size, and their evaluation. Without: the search on all rows.
 */
export function runCost(
  config: RunConfig,
  coreset: CoresetConfig,
  entry: EstimatorEntry,
  shape: RunShape,
): { readonly coreset: number; readonly allRows: number } {
  const { nTrain, nValidation, nFeatures, nClasses } = shape;
  const { length, counted } = configurationsOf(config);
  const nFolds = config.tune?.folds ?? 1;
  const m = coresetRows(coreset, nTrain);
  const { spec } = entry;
  const isStructure = spec.tasks.every((task) => task === 'unsupervised');
  /** Mean seconds of a fit over the configurations. */
  const fit = (nRows: number) =>
    counted.reduce(
      (sum, params) =>
        sum + fitSeconds(spec.type, { nRows, nFeatures, nClasses }, { ...config.model.params, ...params }),
      0,
    ) / counted.length;
  const learned = (nFolds - 1) / nFolds;
  const allRows = length * nFolds * fit(learned * nTrain);
  // Without a target every fit is on the whole coreset.
  const search = length * nFolds * fit(isStructure ? m : learned * m);
  const service = coreset.service === 'auto' ? spec.coresetService : coreset.service;
  const tree = { nRows: nTrain, nFeatures, nClasses, size: m };
  const nSamples = 1 + 1 + (nClasses > 0 ? 1 : 0);
  return {
    coreset:
      buildSeconds(service, tree) +
      (isStructure ? 0 : foldSeconds(service, tree)) +
      search * (isStructure ? 1 : 1 + RANKING_SHARE) +
      nSamples * fit(m) +
      evaluationSeconds(nValidation, nClasses),
    allRows,
  };
}

/** Of the coreset's model beside that of all rows, with intervals, and of the plain samples' models. */
const evaluationSeconds = (nValidation: number, nClasses: number): number =>
  0.05 + nValidation * (nClasses > 0 ? 6e-6 * nClasses : 4e-6);
