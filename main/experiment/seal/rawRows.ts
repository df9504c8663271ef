import type { Matrix } from '../../kernels/matrix.ts';
import type { Table } from '../../kernels/table.ts';
import type { FittedPipeline } from '../../models/pipeline/pipeline.ts';
import { serialize } from 'node:v8';

/** Raw rows that models are judged on, made into features once for each distinct preprocessor. */
export class RawRows {
  readonly table: Table;
  private readonly known = new Map<string, Matrix>();

  constructor(table: Table) {
    this.table = table;
  }

  /** What a pipeline's own preprocessor makes of the rows; pipelines whose preprocessors are the same share it. */
  featuresFor({ preprocessor }: FittedPipeline): Matrix {
    // Not JSON: it would take NaN and null for the same.
    const key = serialize(preprocessor.state).toString('latin1');
    const X = this.known.get(key) ?? preprocessor.transform(this.table);
    this.known.set(key, X);
    return X;
  }
}
