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

/** The k of the largest silhouette, and the k where inertia stops falling fast (farthest from the chord of its curve). */
export function suggestK(choices: readonly KChoice[]): {
  readonly bySilhouette: number | null;
  readonly byElbow: number | null;
} {
  const scored = choices.filter((c): c is KChoice & { silhouette: number } => c.silhouette !== null);
  const best = scored.reduce<(typeof scored)[number] | null>(
    (top, c) => (top === null || c.silhouette > top.silhouette ? c : top),
    null,
  );
  const [first, last] = [choices[0], choices.at(-1)];
  if (!first || !last || choices.length < 3 || !(first.inertia > last.inertia))
    return { bySilhouette: best?.k ?? null, byElbow: null };
  const below = (c: KChoice) =>
    1 - (c.inertia - last.inertia) / (first.inertia - last.inertia) - (c.k - first.k) / (last.k - first.k);
  const elbow = choices.reduce((top, c) => (below(c) > below(top) ? c : top));
  return { bySilhouette: best?.k ?? null, byElbow: elbow.k };
}
