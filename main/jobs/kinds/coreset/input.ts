import type { CoresetSetting } from '../../../contract/coreset.ts';
import type { VersionPlan } from '../../../coreset/version/plan.ts';
import type { CoresetMeta } from '../../../store/coresets.ts';

export type CoresetInput = BuildInput | CompareInput | AppendInput;
export type CoresetOutcome = BuildOutcome | CompareOutcome | AppendOutcome;

export interface BuildInput {
  readonly what: 'build';
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
  readonly timeColumn?: string | undefined;
}

/** Several coresets in the same passes. */
export interface CompareInput extends Omit<BuildInput, 'what' | 'size' | 'chunkSize' | 'classSize' | 'timeColumn'> {
  readonly what: 'compare';
  readonly comparisonId: string;
  readonly settings: readonly CoresetSetting[];
}

/** Leaves for the rows of another version; the engine puts them into the tree. */
export interface AppendInput {
  readonly what: 'append';
  readonly coresetId: string;
  readonly versionId: string;
  /** Path of the version's Parquet file. */
  readonly file: string;
  readonly plan: VersionPlan;
  /** Path of the tree's file; its pilots draw. */
  readonly treeFile: string;
  readonly title: string;
  /** Row ids of the version start here. */
  readonly offset: number;
  /** Tells the leaves of this append from those of another one that was taken back. */
  readonly jobKey: string;
}

export interface AppendOutcome {
  readonly leavesFile: string;
  /** Rows of the version, and those of them that have a target. */
  readonly nRowsOfFile: number;
  readonly nRows: number;
}

export interface CompareOutcome {
  readonly built: readonly (BuildOutcome & { readonly name: string })[];
}

export interface BuildOutcome {
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
  /** Rows a person has looked at. */
  readonly seen?: readonly number[];
  /** Edits the tree's file holds. */
  readonly nEditsInFile?: number;
  /** What this coreset was built beside, and how it compares. */
  readonly compared?: Compared;
}

export interface Compared {
  readonly comparisonId: string;
  readonly metric: string | null;
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly fitMs: number;
}
