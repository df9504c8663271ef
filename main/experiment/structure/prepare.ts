import type { RunConfig } from '../../contract/config.ts';
import type { Split } from '../../data/split.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { takeTableRows, type Table } from '../../kernels/table.ts';
import { fitPreprocessor, type Preprocessor } from '../../models/preprocess/preprocessor.ts';
import { readColumns, splitTable, type Part } from '../rows/prepare.ts';

/** Rows without a target, split and made into features. */
export interface StructureRows {
  readonly split: Split;
  readonly preprocessor: Preprocessor;
  readonly train: Part;
  /** Raw columns of all rows. */
  readonly features: Table;
  /** Mean of the training features, shape (nFeatures,). */
  readonly mean: Float64Array;
  readonly warnings: string[];
}

/** Reads and splits the rows of a run without a target; features are learned on training rows only. */
export async function prepareStructure(file: string, config: RunConfig): Promise<StructureRows> {
  const { inputs, table, features } = await readColumns(file, config, []);
  const split = splitTable(
    table,
    Uint32Array.from({ length: table.nRows }, (_, i) => i),
    config,
    undefined,
  );
  const trainTable = takeTableRows(features, split.train);
  const preprocessor = fitPreprocessor(trainTable, inputs, config.preprocess, { isNative: false });
  const part = (rowIds: Uint32Array, X: Matrix): Part => ({ rowIds, X, y: new Float64Array(rowIds.length) });
  const train = part(split.train, preprocessor.transform(trainTable));
  return {
    split,
    preprocessor,
    train,
    features,
    mean: columnMeans(train.X),
    warnings: [...split.warnings, ...preprocessor.state.warnings],
  };
}

/** Mean of each column, shape (nCols,). */
function columnMeans({ data, nRows, nCols }: Matrix): Float64Array {
  const mean = new Float64Array(nCols);
  for (let i = 0; i < nRows; i++) for (let j = 0; j < nCols; j++) mean[j]! += data[i * nCols + j]! / nRows;
  return mean;
}
