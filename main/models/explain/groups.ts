import type { Feature } from '../estimator.ts';

/** Raw columns behind features, in order of appearance, and for each feature the place of its column. */
export function sourcesOf(features: readonly Feature[]): { readonly sources: string[]; readonly place: Int32Array } {
  const sources = [...new Set(features.map((f) => f.source))];
  const at = new Map(sources.map((source, i) => [source, i]));
  return { sources, place: Int32Array.from(features, (f) => at.get(f.source)!) };
}

/**
 * Contributions of features added up by raw column, shape (nRows, nSources). Shapley values of a group of features are
 * not exactly this sum, but it keeps the total and is what shap and LightGBM show.
 */
export function sumBySource(values: Float64Array, nRows: number, place: Int32Array, nSources: number): Float64Array {
  const d = place.length;
  const out = new Float64Array(nRows * nSources);
  for (let i = 0; i < nRows; i++) for (let j = 0; j < d; j++) out[i * nSources + place[j]!]! += values[i * d + j]!;
  return out;
}
