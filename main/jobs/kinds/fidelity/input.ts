import type { VersionPlan } from '../../../coreset/version/plan.ts';

export interface FidelityInput {
  readonly coresetId: string;
  /** Path of the version's Parquet file. */
  readonly file: string;
  readonly plan: VersionPlan;
  /** Rows of the coreset's root. */
  readonly size: number;
  readonly seed: number;
  readonly sizes?: readonly number[] | undefined;
  readonly nDraws: number;
  /** Estimator to fit; the one the service is for when left out. */
  readonly model?: string | undefined;
  /** Clusters or components of the tree's pilot; null for other services. */
  readonly k: number | null;
  /** Rows of each level of the tree, the root first. */
  readonly levels?: readonly number[] | undefined;
}

export interface FidelityOutcome {
  /** Path of the curve (JSON) in the staging folder. */
  readonly curveFile: string;
}

/** Name of a curve among a coreset's artefacts. */
export const CURVE = 'fidelity';
