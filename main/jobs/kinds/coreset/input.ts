import type { VersionPlan } from '../../../coreset/version/plan.ts';
import type { CoresetMeta } from '../../../store/coresets.ts';

export interface CoresetInput {
  readonly versionId: string;
  /** Path of the version's Parquet file. */
  readonly file: string;
  readonly name: string;
  readonly service: string;
  readonly target?: string | undefined;
  readonly drop: readonly string[];
  readonly size: number;
  readonly chunkSize?: number | undefined;
  readonly seed: number;
  /** By class label. */
  readonly classSize?: Readonly<Record<string, number | 'all'>> | undefined;
}

export interface CoresetOutcome {
  /** Path of the tree's file in the staging folder. */
  readonly treeFile: string;
  readonly meta: CoresetMeta;
}

/** Name of a tree among a coreset's artefacts. */
export const TREE = 'tree';

/** How the coreset was made, kept with it: enough to read its rows again. */
export interface CoresetRecipe {
  readonly plan: VersionPlan;
  readonly drop: readonly string[];
}
