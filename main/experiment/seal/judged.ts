import type { Matrix } from '../../kernels/matrix.ts';
import type { FittedPipeline } from '../../models/pipeline/pipeline.ts';
import type { RawRows } from './rawRows.ts';
import type { Sealed } from './sealed.ts';

/** What a model says of the rows held out. */
export type Said =
  /** Class indices by `predict`, shape (nRows,), and probabilities by `predictProba`, shape (nRows, nClasses). */
  | { readonly labels: Float64Array; readonly proba: Matrix }
  /** Shape (nRows,). */
  | { readonly predicted: Float64Array };

/** A saved model with what it says of the raw validation rows. */
export interface Judged {
  readonly model: Sealed;
  readonly said: Said;
}

export async function judge(models: readonly Sealed[], rows: RawRows): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const model of models) judged.push({ model, said: await saidOf(model.pipeline, rows) });
  return judged;
}

async function saidOf(pipeline: FittedPipeline, rows: RawRows): Promise<Said> {
  const { fitted } = pipeline;
  const X = rows.featuresFor(pipeline);
  return fitted.target.task === 'regression'
    ? { predicted: await fitted.predict(X) }
    : { labels: await fitted.predict(X), proba: await fitted.predictProba(X) };
}
