import { describe, expect, test } from 'vitest';
import { defaultCalibration, softnessFor } from '../../../main/coreset/calibrate.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { build, makeRows, sourceOf, type Made } from './data.ts';

/** A level of 60 rows in 6,000, six of them of the other class; the rest of the features say nothing about it. */
function withRareLevel(seed: number): Made & { readonly minority: ReadonlySet<number> } {
  const rows = makeRows(6000, 12, 2, seed);
  const rng = createRng(seed).fork('rare');
  const data = rows.X.data.slice();
  const y = rows.y.slice();
  const minority = new Set<number>();
  for (let i = 0; i < 6000; i++) {
    const isRare = i % 100 === 7;
    data[i * 12 + 11] = isRare ? 1 : 0;
    if (!isRare) continue;
    const isMinority = i % 1000 === 7;
    y[i] = isMinority ? 1 : 0;
    if (isMinority) minority.add(i);
    // The other features of these rows are ordinary: only the level tells them apart.
    for (let j = 0; j < 11; j++) data[i * 12 + j] = 0.3 * rng.normal();
  }
  return { ...rows, X: { ...rows.X, data }, y, minority };
}

describe('what a draw must not miss', () => {
  test('a rare level keeps rows of both its classes: no weights could make up for one that is missing', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const rows = withRareLevel(seed);
      const { rowIds } = (await build(sourceOf(rows), { size: 300, seed })).coreset(0);
      expect([...rowIds].some((id) => rows.minority.has(id))).toBe(true);
    }
  });

  test.each([
    { service: 'logistic', nClasses: 3 },
    { service: 'linear', nClasses: 1 },
    { service: 'svm', nClasses: 2 },
  ] as const)('constant, collinear and empty features do not stop $service', async ({ service, nClasses }) => {
    const rows = makeRows(2000, 6, nClasses, 3);
    const data = rows.X.data.slice();
    for (let i = 0; i < 2000; i++) {
      data[i * 6 + 3] = 5;
      data[i * 6 + 4] = data[i * 6]! - 2 * data[i * 6 + 1]!;
      data[i * 6 + 5] = 0;
    }
    const tree = await build(sourceOf({ ...rows, X: { ...rows.X, data } }), { service, size: 200 });
    const { weight } = tree.coreset(0);
    expect(weight.every((w) => w > 0 && Number.isFinite(w))).toBe(true);
    // Classes are drawn with a minimum each, so the rows stand for all only once they are weighted.
    expect(weight.reduce((sum, w) => sum + w, 0) / 2000).toBeCloseTo(1, 1);
  });
});

test.each([
  { name: 'few rows a total: as soft as it gets', m: 300, k: 100, want: 5 },
  { name: 'in between', m: 1000, k: 100, want: 0.6 },
  { name: 'many: hard', m: 5000, k: 100, want: 0.3 },
])('softnessFor: $name', ({ m, k, want }) => {
  expect(softnessFor({ ...defaultCalibration, leastSoftness: 0.3 }, m, k)).toBeCloseTo(want, 12);
});

test('softness stays as it is where no least is given', () => {
  expect(softnessFor(defaultCalibration, 1e6, 1)).toBe(defaultCalibration.softness);
});
