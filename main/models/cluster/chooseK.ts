import type { Matrix } from '../../kernels/matrix.ts';
import type { FitContext } from '../estimator.ts';
import { kMeans } from './kMeans.ts';

export interface KChoice {
  readonly k: number;
  readonly inertia: number;
  readonly silhouette: number | null;
}

/** Inertia and silhouette for each k of `ks`; ks that are too large for the rows are left out. */
export async function chooseK(X: Matrix, ks: readonly number[], context: FitContext): Promise<KChoice[]> {
  const out: KChoice[] = [];
  for (const k of ks) {
    if (k > X.nRows) continue;
    const fitted = await kMeans
      .make({ nClusters: k })
      .fit(X, new Float64Array(X.nRows), { task: 'regression' }, context);
    const { inertia, silhouette } = fitted.summary;
    out.push({ k, inertia: Number(inertia), silhouette: silhouette === undefined ? null : Number(silhouette) });
  }
  return out;
}
