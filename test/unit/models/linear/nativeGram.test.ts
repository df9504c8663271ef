import { expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { gramOf } from '../../../../main/models/linear/regression/gram.ts';

// Enough multiplications for the float32 path, and a last chunk that is not full.
const [n, d] = [20_321, 199];
const rng = createRng(1);
const data = Float32Array.from({ length: n * d }, (_, i) => rng.normal() + (i % d === 3 ? 100 : 0));
const X = matrix(data, n, d);
const y = Float64Array.from({ length: n }, (_, i) => data[i * d]! - 2 * data[i * d + 5]! + rng.normal());
const shift = new Float64Array(d);
shift[3] = 100;

test.each([
  { name: 'ones', weights: undefined },
  { name: 'weights', weights: Float64Array.from({ length: n }, (_, i) => 0.5 + (i % 7)) },
  { name: 'weights with zeros', weights: Float64Array.from({ length: n }, (_, i) => i % 5) },
])('sums of float32 products are those of float64: $name', async ({ weights }) => {
  const input = { X, shift, extras: [y], weights };
  const [rough, exact] = [await gramOf(input, 2, false), await gramOf(input, 2, true)];
  const diagonal = (i: number) => exact[i * (d + 2) + i]!;
  let worst = 0;
  for (let i = 0; i < d + 2; i++) {
    for (let j = 0; j < d + 2; j++) {
      const gap = Math.abs(rough[i * (d + 2) + j]! - exact[i * (d + 2) + j]!);
      worst = Math.max(worst, gap / Math.sqrt(diagonal(i) * diagonal(j)));
    }
  }
  expect(worst).toBeLessThan(3e-7);
  expect(rough).not.toEqual(exact);
});
