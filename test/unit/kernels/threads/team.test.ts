import { afterAll, describe, expect, test } from 'vitest';
import { closeIdleWorkers, openTeam } from '../../../../main/kernels/threads/team.ts';
import { createKernels } from './countingKernels.ts';

afterAll(closeIdleWorkers);

const url = new URL('./countingKernels.ts', import.meta.url).href;
const open = (threads: number, shared: SharedArrayBuffer) =>
  openTeam({ threads, kernelUrl: url, shared, kernels: createKernels(shared) });

describe.each([1, 2, 4])('a team of %i', (threads) => {
  test('does every chunk once, order after order', async () => {
    const shared = new SharedArrayBuffer(4 * 1000);
    const team = await open(threads, shared);
    try {
      for (let order = 0; order < 200; order++) team.run(0, 1 + ((order * 37) % 1000), [1]);
    } finally {
      team.close();
    }
    const want = new Int32Array(1000);
    for (let order = 0; order < 200; order++) for (let c = 0; c < 1 + ((order * 37) % 1000); c++) want[c]!++;
    expect(new Int32Array(shared)).toEqual(want);
  });

  test('reports a kernel that fails', async () => {
    const team = await open(threads, new SharedArrayBuffer(64));
    try {
      expect(() => team.run(1, 8, [])).toThrow(/no|failed/);
    } finally {
      team.close();
    }
  });

  test('cannot run once closed', async () => {
    const team = await open(threads, new SharedArrayBuffer(64));
    team.close();
    expect(() => team.run(0, 1, [1])).toThrow(/closed/);
  });
});

test('a missing kernel module is told', async () => {
  await expect(
    openTeam({ threads: 2, kernelUrl: 'file:///nowhere/kernels.ts', shared: null, kernels: [] }),
  ).rejects.toThrow(/nowhere/);
});

test('workers are used again by the next team, with its own memory', async () => {
  for (let round = 1; round <= 5; round++) {
    const shared = new SharedArrayBuffer(4 * 64);
    const team = await open(3, shared);
    team.run(0, 64, [round]);
    team.close();
    expect(new Int32Array(shared)).toEqual(new Int32Array(64).fill(round));
  }
});
