import { takeRows, takeValues } from '../../kernels/matrix.ts';
import { createRng, permutation } from '../../kernels/rng.ts';
import type { Part } from './prepare.ts';

/** Rows to fit on, with weights that sum to the rows they stand for. */
export interface Sample extends Part {
  readonly weight: Float64Array;
}

/** `size` rows at random, each standing for the same number of rows. */
export function uniformSample(part: Part, size: number, seed: number): Sample {
  const m = Math.min(size, part.y.length);
  const rows = permutation(part.y.length, createRng(seed).fork('uniform')).slice(0, m).sort();
  return take(part, rows, new Float64Array(m).fill(part.y.length / m));
}

/** As `uniformSample`, but every class has its share of the rows (at least one). */
export function stratifiedSample(part: Part, size: number, seed: number): Sample {
  const strata = new Map<number, number[]>();
  const order = permutation(part.y.length, createRng(seed).fork('stratified'));
  for (const i of order) {
    const list = strata.get(part.y[i]!);
    if (list) list.push(i);
    else strata.set(part.y[i]!, [i]);
  }
  const rows: number[] = [];
  const weights = new Map<number, number>();
  for (const list of strata.values()) {
    const m = Math.min(list.length, Math.max(1, Math.round((size * list.length) / part.y.length)));
    for (const i of list.slice(0, m)) {
      rows.push(i);
      weights.set(i, list.length / m);
    }
  }
  const sorted = Uint32Array.from(rows).sort();
  return take(
    part,
    sorted,
    Float64Array.from(sorted, (i) => weights.get(i)!),
  );
}

/** Weights scaled to mean 1. */
export function meanOne(weight: Float64Array): Float64Array {
  const mean = weight.reduce((a, b) => a + b, 0) / Math.max(1, weight.length);
  return mean > 0 ? weight.map((w) => w / mean) : weight;
}

function take(part: Part, rows: Uint32Array, weight: Float64Array): Sample {
  return {
    X: takeRows(part.X, rows),
    y: takeValues(part.y, rows),
    rowIds: Uint32Array.from(rows, (i) => part.rowIds[i]!),
    weight,
  };
}
