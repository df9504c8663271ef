import { said, type Said } from '../../evaluate/scorer.ts';
import type { RawRows } from './rawRows.ts';
import type { Sealed } from './sealed.ts';

/** A saved model with what it says of the raw validation rows. */
export interface Judged {
  readonly model: Sealed;
  readonly said: Said;
}

export async function judge(models: readonly Sealed[], rows: RawRows): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const model of models) {
    const { pipeline } = model;
    judged.push({ model, said: await said(pipeline.fitted, rows.featuresFor(pipeline)) });
  }
  return judged;
}
