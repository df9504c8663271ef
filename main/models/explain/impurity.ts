import { LEAF, type Ensemble } from '../../kernels/trees/ensemble.ts';

/** Share of the loss (or impurity) that splits on each feature removed, shape (nFeatures,); sums to 1 unless nothing split. */
export function impurityImportance(ensemble: Ensemble): Float64Array {
  const out = new Float64Array(ensemble.nFeatures);
  for (let t = 0; t + 1 < ensemble.roots.length; t++) {
    const root = ensemble.roots[t]!;
    for (let k = root; k < ensemble.roots[t + 1]!; k++) {
      if (!(ensemble.flags[k]! & LEAF)) out[ensemble.feature[k]!]! += ensemble.gain[k]! / ensemble.cover[root]!;
    }
  }
  const total = out.reduce((a, b) => a + b, 0);
  return total > 0 ? out.map((v) => v / total) : out;
}
