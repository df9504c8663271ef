import type { Rng } from '../../kernels/rng.ts';
import type { Activation } from './activations.ts';

export const initializerNames = [
  'auto',
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'orthogonal',
  'randomNormal',
  'randomUniform',
] as const;
export type Initializer = (typeof initializerNames)[number];

/** `auto`: He for rectifiers (they pass half of the variance), else Glorot. */
const suited = (activation: Activation): 'heUniform' | 'glorotUniform' =>
  ['relu', 'leakyRelu', 'elu', 'gelu'].includes(activation) ? 'heUniform' : 'glorotUniform';

/** Standard deviation of `randomNormal`, and bound of `randomUniform`, where none is given; as in Keras. */
const RANDOM_STD = 0.05;

/**
 * Weights of shape (nIn, nOut) to start from. Variances: Glorot & Bengio 2010 2/(nIn + nOut), He et al. 2015 2/nIn,
 * LeCun et al. 1998 1/nIn; orthogonal: Saxe et al. 2014.
 */
export function initialWeights(
  name: Initializer,
  nIn: number,
  nOut: number,
  activation: Activation,
  rng: Rng,
  std = RANDOM_STD,
): Float32Array {
  const kind = name === 'auto' ? suited(activation) : name;
  const out = new Float32Array(nIn * nOut);
  if (kind === 'orthogonal') return orthogonal(nIn, nOut, rng);
  const variance = varianceOf(kind, nIn, nOut, std);
  const spread = kind.endsWith('Uniform') ? Math.sqrt(3 * variance) : Math.sqrt(variance);
  for (let i = 0; i < out.length; i++)
    out[i] = kind.endsWith('Uniform') ? (2 * rng.uniform() - 1) * spread : rng.normal() * spread;
  return out;
}

function varianceOf(kind: Exclude<Initializer, 'auto' | 'orthogonal'>, nIn: number, nOut: number, std: number): number {
  switch (kind) {
    case 'glorotUniform':
    case 'glorotNormal':
      return 2 / (nIn + nOut);
    case 'heUniform':
    case 'heNormal':
      return 2 / nIn;
    case 'lecunUniform':
    case 'lecunNormal':
      return 1 / nIn;
    case 'randomNormal':
      return std * std;
    // Between −std and std.
    case 'randomUniform':
      return (std * std) / 3;
  }
}

/** Rows (or columns, whichever are fewer) of length 1 at right angles: Gram–Schmidt, twice for its rounding. */
function orthogonal(nIn: number, nOut: number, rng: Rng): Float32Array {
  const [count, size] = [Math.min(nIn, nOut), Math.max(nIn, nOut)];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const v = Float64Array.from({ length: size }, () => rng.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const u of vectors) {
        let dot = 0;
        for (let i = 0; i < size; i++) dot += u[i]! * v[i]!;
        for (let i = 0; i < size; i++) v[i]! -= dot * u[i]!;
      }
    }
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    if (norm > 1e-6) vectors.push(v.map((x) => x / norm));
  }
  const out = new Float32Array(nIn * nOut);
  vectors.forEach((v, k) => v.forEach((value, i) => (out[nIn <= nOut ? k * nOut + i : i * nOut + k] = value)));
  return out;
}
