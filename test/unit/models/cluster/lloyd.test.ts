import { describe, expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { returnArena, takeArena } from '../../../../main/kernels/wasm/arena.ts';
import { openRowTeam } from '../../../../main/kernels/wasm/rowKernels.ts';
import { KMeansRows } from '../../../../main/models/cluster/lloyd.ts';

const square = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, v, j) => sum + (v - b[j]!) ** 2, 0);

/** One of Lloyd's steps by plain loops: labels at `centres`, and the centres that follow. */
function step(rows: number[][], w: Float64Array, centres: number[][]) {
  const labels = rows.map((x) => {
    const squares = centres.map((c) => square(x, c));
    return squares.indexOf(Math.min(...squares));
  });
  const next = centres.map((old, c) => {
    const mass = labels.reduce((sum, l, i) => sum + (l === c ? w[i]! : 0), 0);
    if (mass === 0) return old;
    return old.map((_, j) => labels.reduce((sum, l, i) => sum + (l === c ? w[i]! * rows[i]![j]! : 0), 0) / mass);
  });
  return { labels, next };
}

describe("Lloyd's steps beside plain loops", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i', async (seed) => {
    const rng = createRng(seed);
    const [n, d, k] = [2 + rng.int(70), 1 + rng.int(9), 1 + rng.int(13)];
    const data = Float64Array.from({ length: n * d }, () => 4 * rng.normal());
    const isWeighted = seed % 2 === 1;
    const w = Float64Array.from({ length: n }, () => (isWeighted ? rng.int(3) : 1));
    w[0] = 1;
    const rows = Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * d, i * d + d)));
    const start = Array.from({ length: k }, () => Array.from({ length: d }, () => 4 * rng.normal()));

    const arena = takeArena();
    const team = await openRowTeam(arena, 1);
    const shared = new KMeansRows(matrix(data, n, d), isWeighted ? w : undefined, arena, team);
    const found = await shared.lloyd(
      shared.centred(Float64Array.from(start.flat())),
      { maxIter: 3, tol: 0 },
      quietTask,
    );
    team.close();
    returnArena(arena);

    let centres = start;
    for (let t = 0; t < found.iterations; t++) centres = step(rows, w, centres).next;
    centres.flat().forEach((v, at) => expect(found.centres[at]).toBeCloseTo(v, 4));
    const last = step(rows, w, centres);
    expect(Array.from(found.labels)).toEqual(last.labels);
    const inertia = rows.reduce((sum, x, i) => sum + w[i]! * square(x, centres[last.labels[i]!]!), 0);
    expect(Math.abs(found.inertia - inertia)).toBeLessThan(1e-4 * (1 + inertia));
  });

  test.each([1, 2, 3, 5, 7, 8, 9, 15])('seeding of %i rows with as many clusters takes each row once', async (n) => {
    const data = Float64Array.from({ length: 3 * n }, (_, at) => at * at);
    const arena = takeArena();
    const team = await openRowTeam(arena, 1);
    const rows = new KMeansRows(matrix(data, n, 3), undefined, arena, team);
    const seeds = rows.seed(n, createRng(n));
    const { inertia, labels } = await rows.lloyd(seeds, { maxIter: 2, tol: 0 }, quietTask);
    team.close();
    returnArena(arena);
    expect(new Set(labels).size).toBe(n);
    expect(inertia).toBeLessThan(1e-3);
  });
});
