import type { FidelityCurve } from '../../../contract/coreset.ts';
import { memorySource, sliceRows } from '../../../coreset/rows.ts';
import { centresOf } from '../../../coreset/services/kmeans/pilot.ts';
import type { Pilot, ServiceName } from '../../../coreset/services/service.ts';
import { buildTree } from '../../../coreset/tree/build.ts';
import { quietTask } from '../../../kernels/task.ts';
import type { Feature } from '../../../models/estimator.ts';
import type { JobContext } from '../../handlers.ts';
import type { Part } from '../../../experiment/rows/prepare.ts';
import { stratifiedSample, uniformSample, type Sample } from '../../../experiment/rows/samples.ts';
import type { MeasuredRows } from './rows.ts';

export type SampleKind = FidelityCurve['points'][number]['sample'];

export interface DrawOptions {
  readonly service: ServiceName;
  /** Clusters or components; null for other services. */
  readonly k: number | null;
  readonly features: readonly Feature[];
  /** See `ServiceOptions`. */
  readonly isEven: boolean;
}

/** A sample and, for coresets, what came with it: the pilot that drew it and the centres k-means goes on from. */
export interface DrawnSample extends Sample {
  readonly pilot?: Pilot;
  readonly initialCentres?: Float64Array | undefined;
}

/** A sample of the training rows; coresets come with the pilot that drew them. */
export async function drawSample(
  kind: 'coreset' | 'uniform' | 'stratified',
  { train, target }: MeasuredRows,
  { service, k, features, isEven }: DrawOptions,
  size: number,
  seed: number,
  { threads, signal }: JobContext,
): Promise<DrawnSample> {
  if (kind === 'uniform') return uniformSample(train, size, seed);
  if (kind === 'stratified') return stratifiedSample(train, size, seed);
  const serviceOptions = { features, isEven, ...(k !== null && { k }) };
  const tree = await buildTree(
    memorySource(train, target),
    { service, size, seed, threads, serviceOptions },
    { ...quietTask, signal },
  );
  const { X, y, rowIds, weight } = tree.coreset(0);
  return { X, y, rowIds, weight, pilot: tree.drawPilot, initialCentres: centresOf(tree) };
}

/** Largest score of a row over the mean one: how unequal rows are for the model. */
export function maxToMeanScore(pilot: Pilot, { X, y }: Part): number {
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
