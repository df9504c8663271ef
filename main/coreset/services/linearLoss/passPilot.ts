import type { Density } from './density.ts';
import type { Layout } from './layout.ts';
import type { LinearLoss } from './loss.ts';

/** What of a pilot a pass reads. */
export interface PassPilot {
  readonly loss: LinearLoss;
  readonly layout: Layout;
  /** Shape (nOut, q). */
  readonly beta: Float64Array;
  /** See `rankKnots`; empty where the layout has no rank statistics. */
  readonly knots: Float64Array;
  readonly others: readonly Float64Array[];
  readonly density: Density;
  readonly unit: number;
  readonly nFeatures: number;
  readonly nStatistics: number;
}
