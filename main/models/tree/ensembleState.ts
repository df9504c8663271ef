import type { Ensemble } from '../../kernels/trees/ensemble.ts';
import type { FittedState } from '../estimator.ts';

interface EnsembleJson {
  readonly nFeatures: number;
  readonly nOut: number;
  readonly width: number;
}

const ARRAYS = [
  'roots',
  'feature',
  'threshold',
  'categoryAt',
  'flags',
  'left',
  'right',
  'values',
  'gain',
  'cover',
  'categories',
] as const;

/** The ensemble as JSON and named arrays, for `FittedState`. */
export function ensembleState(ensemble: Ensemble): { json: EnsembleJson; arrays: FittedState['arrays'] } {
  const { nFeatures, nOut, width } = ensemble;
  return { json: { nFeatures, nOut, width }, arrays: Object.fromEntries(ARRAYS.map((name) => [name, ensemble[name]])) };
}

export function restoreEnsemble(json: unknown, arrays: FittedState['arrays']): Ensemble {
  return { ...(json as EnsembleJson), ...Object.fromEntries(ARRAYS.map((name) => [name, arrays[name]])) } as Ensemble;
}
