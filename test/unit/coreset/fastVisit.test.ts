import { describe, expect, test } from 'vitest';
import { serviceOf } from '../../../main/coreset/services/registry.ts';
import { defaultServiceOptions } from '../../../main/coreset/services/service.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { Arena } from '../../../main/kernels/wasm/arena.ts';
import { instantiate, loadWasm } from '../../../main/kernels/wasm/load.ts';
import { makeRows, type Made } from './data.ts';

const N_PARTS = 7;

async function pilotOf(service: string, { X, y, target }: Made) {
  const nClasses = target.task === 'regression' ? 1 : target.nClasses;
  const classCounts = new Float64Array(nClasses);
  for (const k of y) classCounts[nClasses === 1 ? 0 : k]!++;
  const sample = { X, y, weight: new Float64Array(y.length).fill(1), classCounts };
  return serviceOf(service).pilot(sample, target, defaultServiceOptions, createRng(1), quietTask);
}

describe('a pass in WebAssembly gives what the plain one gives', () => {
  test.each([
    { name: 'two classes, pairs of features', service: 'logistic', n: 3001, d: 5, nClasses: 2 },
    { name: 'two classes, an odd number of columns', service: 'logistic', n: 517, d: 4, nClasses: 2 },
    { name: 'more directions than the kernel takes at once', service: 'logistic', n: 900, d: 30, nClasses: 2 },
    { name: 'too many features for pairs', service: 'logistic', n: 900, d: 45, nClasses: 2 },
    { name: 'four classes', service: 'logistic', n: 1500, d: 6, nClasses: 4 },
    { name: 'least squares', service: 'linear', n: 1200, d: 7, nClasses: 1 },
    { name: 'least squares, too many features for pairs', service: 'linear', n: 1200, d: 41, nClasses: 1 },
    { name: 'hinge, three classes', service: 'svm', n: 800, d: 5, nClasses: 3 },
    { name: 'trees, two classes', service: 'tree', n: 1500, d: 5, nClasses: 2 },
    { name: 'trees, four classes', service: 'tree', n: 900, d: 4, nClasses: 4 },
    { name: 'trees, regression, more rows than before', service: 'tree', n: 2100, d: 6, nClasses: 1 },
    { name: 'generic, two classes', service: 'generic', n: 700, d: 3, nClasses: 2 },
    { name: 'a single row', service: 'logistic', n: 1, d: 3, nClasses: 2 },
  ])('$name', async ({ service, n, d, nClasses }) => {
    const pilot = await pilotOf(service, makeRows(Math.max(n, 400), d, nClasses, 3));
    const rows = makeRows(n, d, nClasses, 4);
    const rng = createRng(5);
    const weight = Float64Array.from(rows.y, () => (rng.uniform() < 0.1 ? 0 : 2 * rng.uniform()));
    const part = Uint8Array.from(rows.y, () => rng.int(N_PARTS));
    const empty = () => ({
      score: new Float64Array(n),
      key: new Float64Array(n),
      totals: new Float64Array(N_PARTS * pilot.nStatistics),
    });
    const [plain, fast] = [empty(), empty()];
    pilot.visit({ ...rows, weight }, { ...plain, part });
    const arena = new Arena();
    const visit = pilot.fastVisit!({ wasm: instantiate(await loadWasm(), arena.memory), arena });
    // Twice: what the first pass leaves behind must not show in the second.
    visit({ ...rows, weight }, { ...empty(), part });
    visit({ ...rows, weight }, { ...fast, part });
    for (const kind of ['score', 'key', 'totals'] as const) {
      const scale = plain[kind].reduce((most, v) => Math.max(most, Math.abs(v)), 1e-300);
      const worst = plain[kind].reduce((most, v, i) => Math.max(most, Math.abs(v - fast[kind][i]!)), 0);
      expect({ kind, isClose: worst / scale < 1e-9 }).toEqual({ kind, isClose: true });
    }
    const total = plain.totals.reduce((sum, v) => sum + Math.abs(v), 0);
    expect(total).toBeGreaterThan(n === 1 ? -1 : 0);
  });

  test.each([
    { service: 'tree', nClasses: 3 },
    { service: 'generic', nClasses: 1 },
  ])('$service, $nClasses classes: squares are those of the statistics', async ({ service, nClasses }) => {
    const rows = makeRows(600, 4, nClasses, 3);
    const pilot = await pilotOf(service, rows);
    const width = pilot.nStatistics;
    const weight = Float64Array.from(rows.y, (_, i) => i % 3);
    const [squares, totals] = [new Float64Array(width), new Float64Array(width)];
    pilot.visit({ ...rows, weight }, { totals, squares });
    const statistics = new Float64Array(rows.y.length * width);
    pilot.visit(rows, { statistics });
    const want = new Float64Array(width);
    statistics.forEach((s, at) => (want[at % width]! += weight[Math.floor(at / width)]! * s * s));
    expect(pilot.hasSquares).toBe(true);
    squares.forEach((sum, j) => expect(sum).toBeCloseTo(want[j]!, 8));
  });
});
