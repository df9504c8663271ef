import type { PackedArray } from '../../kernels/pack.ts';
import type { Rng } from '../../kernels/rng.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Arena } from '../../kernels/wasm/arena.ts';
import type { Exports } from '../../kernels/wasm/exports.ts';
import type { Feature, TargetInfo } from '../../models/estimator.ts';
import type { CalibrationOptions } from '../calibrate.ts';
import type { Sample } from '../draw/reservoir.ts';
import type { Rows, WeightedRows } from '../rows.ts';

export const serviceNames = ['logistic', 'linear', 'svm', 'kmeans', 'pca', 'tree', 'network', 'generic'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What a person may set; each service uses what it knows. */
export interface ServiceOptions {
  /** Inverse strength of the L2 penalty of the pilot, as the estimator's `C`. */
  readonly C: number;
  /** Clusters (k-means) or components (PCA). */
  readonly k: number;
  /** What the columns are, for services that take categories as codes. */
  readonly features?: readonly Feature[] | undefined;
  /** True for forests and single trees: they average rows, so hard ones drawn more often only add noise. */
  readonly isEven?: boolean | undefined;
  /** Rows of the root. */
  readonly size?: number | undefined;
}

export const defaultServiceOptions: ServiceOptions = { C: 1, k: 10 };

/**
 * A service is two things: which rows to draw, and what the weights must reproduce. Both come from a pilot, a model
 * learned on a sample of the whole stream.
 */
export interface Service {
  readonly name: ServiceName;
  /** True when rows may have gaps (NaN). */
  readonly takesMissing?: boolean;
  /** @param sample drawn over the whole stream */
  pilot(
    sample: Sample,
    target: TargetInfo | null,
    options: ServiceOptions,
    rng: Rng,
    task: TaskContext,
  ): Promise<Pilot>;
  /** The inverse of `Pilot.state`. */
  restore(state: PilotState): Pilot;
}

/** Where `Pilot.visit` writes; what is left out is not computed. */
export interface Visit {
  /** Shape (nRows,): proportional to the inclusion probability of one unit of weight. */
  readonly score?: Float64Array | undefined;
  /** Shape (nRows,), in [0, 1]: the draw is spread evenly over it. */
  readonly key?: Float64Array | undefined;
  /** Shape (nRows, nStatistics): what each row adds to the totals per unit of weight. */
  readonly statistics?: Float64Array | undefined;
  /** Shape (nParts, nStatistics): weighted statistics are added to the row's part. */
  readonly totals?: Float64Array | undefined;
  /** Shape (nStatistics,): weighted squares of statistics are added, where the pilot has them, along with totals. */
  readonly squares?: Float64Array | undefined;
  /** Shape (nRows,): part of each row; undefined means part 0. */
  readonly part?: Uint8Array | undefined;
}

/** Kernels and memory of one thread for the length of a pass. */
export interface PassMemory {
  readonly wasm: Exports;
  readonly arena: Arena;
}

export interface Pilot {
  readonly service: ServiceName;
  readonly nFeatures: number;
  /** Columns of the statistics, in order. */
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly calibration: CalibrationOptions;
  visit(rows: Rows, out: Visit): void;
  /** The same for passes over many rows, in WebAssembly; sums differ by rounding only. Not for `statistics`. */
  fastVisit?(memory: PassMemory): (rows: Rows, out: Visit) => void;
  /** Sum of this pilot's loss in totals, where the service has one: the full-data loss at the pilot's model. */
  lossOf(totals: Float64Array): number | null;
  /** Penalty that belongs to the loss (½‖β‖² …). */
  readonly penalty: number;
  /**
   * How far the full-data objective at this pilot lies above its optimum, as a share, from the totals at it and the
   * curvature of `rows`; null where the service has no smooth objective.
   */
  excess(rows: WeightedRows, totals: Float64Array): number | null;
  /** The model fitted on a coreset as the next pilot; null where a service has none. */
  refit(rows: WeightedRows): Promise<Pilot | null>;
  /** Recalibrations that pay for this service; 1 when left out. */
  readonly rounds?: number;
  /** True when `nRows` rows are enough to try a recalibration at the coreset's own solution; fewer are when it is verified. */
  canRefit(nRows: number, isVerified: boolean): boolean;
  /** True when `visit` heeds `squares`: the spread of statistics then comes from the pass that draws. */
  readonly hasSquares?: boolean;
  state(): PilotState;
}

/** Columns [from, to) of the statistics. */
export interface StatisticBlock {
  /**
   * `count`: rows by class; `fold`: what a held-out fold's score is made of; `rank`: what its ranking is made of; the others
   * are for training.
   */
  readonly kind: 'count' | 'fold' | 'rank' | 'gradient' | 'curvature' | 'extra';
  readonly from: number;
  readonly to: number;
  /** True when a held-out fold's score turns on it too: the fold's model is the pilot moved along it. */
  readonly isForFolds?: boolean;
}

export interface PilotState {
  readonly service: ServiceName;
  readonly json: unknown;
  readonly arrays: Readonly<Record<string, PackedArray>>;
}

/** Statistics a calibration with `size` rows takes: optional blocks only while there are three rows for each column. */
export function trainingColumns(blocks: readonly StatisticBlock[], size: number): Uint32Array {
  const columns: number[] = [];
  for (const kind of ['count', 'gradient', 'curvature', 'extra'] as const) {
    for (const block of blocks) {
      if (block.kind !== kind) continue;
      const isOptional = kind === 'curvature' || kind === 'extra';
      if (isOptional && size < 3 * (columns.length + block.to - block.from)) continue;
      for (let j = block.from; j < block.to; j++) columns.push(j);
    }
  }
  return Uint32Array.from(columns);
}

/**
 * Statistics a held-out fold's weights reproduce with `size` rows: counts and `fold` always, ranks and gradients while there
 * are two rows for each column.
 */
export function foldColumns(
  blocks: readonly StatisticBlock[],
  size: number,
): { columns: Uint32Array; isFull: boolean } {
  const columns: number[] = [];
  const add = ({ from, to }: StatisticBlock) => {
    for (let j = from; j < to; j++) columns.push(j);
  };
  for (const block of blocks) if (block.kind === 'count' || block.kind === 'fold') add(block);
  const nLeast = columns.length;
  for (const block of blocks) {
    const isWanted = block.kind === 'rank' || block.isForFolds === true;
    if (isWanted && size >= 2 * (columns.length + block.to - block.from)) add(block);
  }
  return { columns: Uint32Array.from(columns), isFull: columns.length > nLeast };
}
