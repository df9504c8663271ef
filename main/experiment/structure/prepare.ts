import type { RunConfig } from '../../contract/config.ts';
import type { Split } from '../../data/split.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { takeTableRows, type Table } from '../../kernels/table.ts';
import { fitPreprocessor, type Preprocessor } from '../../models/preprocess/preprocessor.ts';
import { columnMeans } from '../../kernels/columnMeans.ts';
import type { Foldable } from '../folds/foldable.ts';
import { dependenceOf } from '../rows/dependence.ts';
import { keptApart, readColumns, ruleOf, splitTable, type Part } from '../rows/prepare.ts';

/** Rows without a target, split and made into features. */
export interface StructureRows extends Foldable {
  readonly split: Split;
  readonly preprocessor: Preprocessor;
  /** Raw columns of all rows. */
  readonly features: Table;
  /** Mean of the training features, shape (nFeatures,). */
  readonly mean: Float64Array;
  readonly warnings: string[];
  /** Codes of held-out rows that depend on each other. */
  groupsOf(heldOut: Uint32Array): ArrayLike<number> | undefined;
}

/** What estimators are told of a target there is none of. */
export const NO_TARGET = { task: 'regression' } as const;

/** Reads and splits the rows of a run without a target; features are learned on training rows only. */
export async function prepareStructure(file: string, config: RunConfig): Promise<StructureRows> {
  const { inputs, table, features } = await readColumns(file, config, []);
  const split = splitTable(
    table,
    Uint32Array.from({ length: table.nRows }, (_, i) => i),
    config,
    undefined,
  );
  const apart = keptApart(table, config);
  const trainTable = takeTableRows(features, split.train);
  const recipe = { inputs, config: config.preprocess, isNative: false };
  const preprocessor = fitPreprocessor(trainTable, inputs, config.preprocess, { isNative: recipe.isNative });
  const part = (rowIds: Uint32Array, X: Matrix): Part => ({ rowIds, X, y: new Float64Array(rowIds.length) });
  const train = part(split.train, preprocessor.transform(trainTable));
  return {
    split,
    preprocessor,
    train,
    target: NO_TARGET,
    table: features,
    recipe,
    rule: ruleOf({ split, ...apart }, config),
    features,
    mean: columnMeans(train.X),
    warnings: [...split.warnings, ...preprocessor.state.warnings],
    groupsOf: (heldOut) => dependenceOf(apart, heldOut),
  };
}
