import { AppError } from '../../contract/errors.ts';
import { createRng } from '../../kernels/rng.ts';
import { subtask, type TaskContext } from '../../kernels/task.ts';
import { Reservoir, type Sample } from '../draw/reservoir.ts';
import type { ClassGuarantees } from '../draw/inclusion.ts';
import type { Chunk, RowKeys, RowSource } from '../rows.ts';
import { serviceOf } from '../services/registry.ts';
import { defaultServiceOptions, type Service, type ServiceName, type ServiceOptions } from '../services/service.ts';
import { checkChunk, checkFinite, checkWeights } from './checks.ts';
import { CoresetTree, N_PARTS, type TreeSettings } from './coresetTree.ts';
import { drawLeaf, type Leaf } from './leaves.ts';
import { breathe, passOver } from './passLane.ts';
import { recalibrate } from './recalibrate.ts';
import { spreadFrom } from './weights.ts';

export interface BuildOptions {
  readonly service: ServiceName;
  /** Rows of the root: a number (≥ 1) or a share of the stream (< 1). */
  readonly size: number;
  readonly seed: number;
  /** Rows of the stream one leaf stands for; chosen from the sizes when left out. */
  readonly chunkSize?: number | undefined;
  /** Rows to draw of a class, by class index. */
  readonly classSize?: ReadonlyMap<number, number | 'all'> | undefined;
  readonly serviceOptions?: Partial<ServiceOptions>;
  readonly threads: number;
  /** Passes after the draw that calibrate at the coreset's own solution; see `RecalibrateOptions`. */
  readonly nRecalibrations?: number;
}

/** Fewer rows of a class than this are kept anyway, so that every class can be learned. */
const CLASS_MINIMUM = 20;
/** Largest leaf: bounds the memory of a build whatever the length of the stream. */
const MAX_CHUNK = 131_072;
/** Numbers the totals by part may take over all leaves: 64 MB. */
const MAX_TOTALS = 8_000_000;

/**
 * Builds a tree in passes over the source: a sample of the whole stream for the pilot, the draw with the totals, and the
 * recalibrations. Memory is bounded by one chunk and the rows kept. The same seed gives the same tree whatever the chunks
 * of the source and the number of threads. Throws AppError CORESET_NO_ROWS, WEIGHT_NEGATIVE, FEATURE_NOT_FINITE.
 */
export async function buildTree(source: RowSource, options: BuildOptions, task: TaskContext): Promise<CoresetTree> {
  const size = Math.max(1, Math.round(options.size < 1 ? options.size * source.nRows : options.size));
  const rng = createRng(options.seed);
  const service = serviceOf(options.service);
  const chunkSize = options.chunkSize ?? chunkSizeFor(source.nRows, size);
  const sampling = subtask(task, 0, 0.25, 'Sampling for the pilot');
  const sample = await drawSample(source, service, chunkSize, options.seed, sampling);
  task.report({ fraction: 0.25, step: 'Fitting the pilot' });
  const serviceOptions = { ...defaultServiceOptions, ...options.serviceOptions, size };
  const pilot = await service.pilot(sample, source.target, serviceOptions, rng.fork('pilot'), task);
  const guarantees: ClassGuarantees = { sizes: options.classSize, minimum: CLASS_MINIMUM };
  const nLeaves = Math.ceil(source.nRows / chunkSize);
  const nParts = Math.max(1, Math.min(N_PARTS, Math.floor(MAX_TOTALS / (nLeaves * pilot.nStatistics))));
  const settings: TreeSettings = { service: options.service, size, seed: options.seed, chunkSize, nParts, guarantees };
  const tree = new CoresetTree({
    settings,
    target: source.target,
    nFeatures: source.nFeatures,
    drawPilot: pilot,
    pilot,
    leaves: [],
  });
  tree.leaves = await drawLeaves(tree, source, 0, options.threads, subtask(task, 0.3, 0.65, 'Drawing rows'));
  await recalibrate(tree, source, options, subtask(task, 0.65, 1, 'Calibrating'));
  tree.coreset(0);
  return tree;
}

/** One pass: a sample over the whole stream; of the keys only, then of the rows drawn, where the source has them. */
async function drawSample(
  source: RowSource,
  { takesMissing }: Service,
  chunkSize: number,
  seed: number,
  task: TaskContext,
): Promise<Sample> {
  const reservoir = new Reservoir(source, createRng(seed).fork('reservoir'));
  let nSeen = 0;
  const add = async (chunk: RowKeys & Partial<Chunk>) => {
    reservoir.add(chunk);
    nSeen += chunk.y.length;
    await breathe(task, nSeen / source.nRows);
  };
  if (source.byId) {
    for await (const keys of source.byId.keys()) {
      checkWeights(keys);
      await add(keys);
    }
  } else {
    for await (const chunk of source.chunks(chunkSize)) {
      checkChunk(chunk, takesMissing);
      await add(chunk);
    }
  }
  const { rowIds } = reservoir;
  if (rowIds.length === 0) {
    throw new AppError({
      code: 'CORESET_NO_ROWS',
      message:
        nSeen === 0 ? 'There are no rows to draw from.' : 'Every row has weight zero, so there is nothing to draw.',
      fix: { kind: 'chooseRows', label: 'Choose other rows or another weight column' },
    });
  }
  if (!source.byId) return reservoir.sample();
  const X = await source.byId.features(rowIds);
  if (!takesMissing) checkFinite(X, rowIds);
  return reservoir.sample(X);
}

/** Draws leaves from all chunks of `source`, ordinals from `first` on. */
export async function drawLeaves(
  tree: CoresetTree,
  source: RowSource,
  first: number,
  threads: number,
  task: TaskContext,
): Promise<Leaf[]> {
  const { settings, drawOptions, pilot, drawPilot } = tree;
  const rng = createRng(settings.seed);
  const leaves: Leaf[] = [];
  // The totals may belong to a later pilot than the draw (append to a recalibrated tree): then one visit for each.
  const pilots = pilot === drawPilot ? [drawPilot] : [drawPilot, pilot];
  const squares = new Float64Array(drawPilot.nStatistics);
  let mass = 0;
  for await (const passes of passOver(tree, source, { pilots, hasScores: true, threads }, task)) {
    const { totals } = passes.at(-1)!;
    const { chunk, squares: own } = passes[0]!;
    for (let j = 0; j < squares.length; j++) squares[j]! += own[j]!;
    mass += chunk.sampleWeight?.reduce((a, b) => a + b, 0) ?? chunk.y.length;
    const ordinal = first + leaves.length;
    leaves.push(drawLeaf(ordinal, { ...passes[0]!, totals }, drawOptions, rng.fork(`leaf ${ordinal}`)));
  }
  if (first === 0 && pilot === drawPilot && pilot.hasSquares) tree.spread = spreadFrom(squares, mass);
  return leaves;
}

/** Leaves of equal size, a power of two of them: at least 8 where each then still has twice the rows it keeps. */
export function chunkSizeFor(nRows: number, size: number): number {
  const most = 2 ** Math.floor(Math.log2(Math.max(1, nRows / (2 * size))));
  const needed = 2 ** Math.ceil(Math.log2(Math.max(1, nRows / Math.max(MAX_CHUNK, 2 * size))));
  return Math.max(1, Math.ceil(nRows / Math.max(needed, Math.min(8, most))));
}
