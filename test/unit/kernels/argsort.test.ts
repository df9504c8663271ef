import { expect, test } from 'vitest';
import { argsortDescending } from '../../../main/kernels/argsort.ts';
import { createRng } from '../../../main/kernels/rng.ts';

test.each([10, 1999, 2000, 20_000])('%i values as a stable comparing sort puts them, ties and signs included', (n) => {
  const rng = createRng(n);
  const values = Float64Array.from({ length: n }, (_, i) =>
    i % 7 === 0
      ? i % 2 === 0
        ? 0
        : -0
      : i % 3 === 0
        ? Math.round(rng.normal() * 4)
        : rng.normal() * 10 ** rng.int(20),
  );
  const expected = Array.from(values.keys()).toSorted((a, b) => values[b]! - values[a]!);
  expect([...argsortDescending(values)]).toEqual(expected);
});

test('infinities are at the ends', () => {
  const values = Float64Array.from({ length: 3000 }, (_, i) => i / 3000);
  values[17] = Infinity;
  values[18] = -Infinity;
  const order = argsortDescending(values);
  expect([order[0], order.at(-1)]).toEqual([17, 18]);
});
