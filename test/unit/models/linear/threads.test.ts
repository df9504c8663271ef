import { expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { fitLogistic } from '../../../../main/models/linear/logisticFit.ts';

test.each([
  ['two classes', 2000, 60, 2],
  ['three classes', 1500, 40, 3],
  ['few rows', 300, 30, 2],
])('logistic regression of %s is the same to the last bit whatever the threads', async (_, nRows, nCols, nClasses) => {
  const rng = createRng(1);
  const X = matrix(
    Float32Array.from({ length: nRows * nCols }, () => rng.normal()),
    nRows,
    nCols,
  );
  const y = Float64Array.from({ length: nRows }, (__, i) =>
    Math.min(nClasses - 1, Math.max(0, Math.round(X.data[i * nCols]! + rng.normal() + 0.5))),
  );
  const fit = (threads: number) => fitLogistic(X, y, undefined, { C: 1, threads });
  const one = await fit(1);
  for (const threads of [2, 4]) expect((await fit(threads)).coef).toEqual(one.coef);
});
