import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createRng } from '../../main/kernels/rng.ts';
import { tempDir } from '../helpers/tempDir.ts';

const cli = resolve(import.meta.dirname, '../../main/hosts/cli/pith.mjs');

function table(seed: number, from: number, n: number): string {
  const rng = createRng(seed);
  const rows = Array.from({ length: n }, (_, i) => {
    const a = rng.normal();
    return `${from + i},${a.toFixed(4)},${rng.normal().toFixed(4)},${rng.uniform() < 1 / (1 + Math.exp(-2 * a)) ? 'good' : 'bad'}`;
  });
  return `t,a,b,y\n${rows.join('\n')}\n`;
}

test('a coreset is built, edited, grown longer and shorter, and taken back by commands that share row ids', () => {
  const folder = tempDir();
  writeFileSync(join(folder, 'old.csv'), table(1, 0, 3000));
  writeFileSync(join(folder, 'new.csv'), table(2, 3000, 1000));
  const pith = <T = Record<string, unknown>>(...args: string[]): T => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'coreset', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PITH_HOME: join(folder, 'home') },
    });
    expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({ args, status: 0, stderr: '' });
    return JSON.parse(stdout) as T;
  };
  const built = pith('build', 'old.csv', '--size', '200', '--target', 'y', '--drop', 't', '--time', 't');
  expect(built).toMatchObject({ nRows: 200, nRowsCovered: 3000, service: 'logistic' });
  const start = pith<{ rowIds: number[]; weights: number[] }>('get', 'latest', '--limit', '1000');
  type Curve = { model: { type: string }; points: { size: number; nDraws: number }[] };
  const curve = pith<Curve>('fidelity', 'latest', '--sizes', '100,200', '--draws', '2', '--model', 'linearSvm');
  expect(curve.model.type).toBe('linearSvm');
  expect(curve.points.map(({ size, nDraws }) => [size, nDraws])).toEqual(
    [100, 100, 100, 200, 200, 200].map((n) => [n, 2]),
  );
  expect(pith('fidelity', 'latest')).toEqual(curve);
  pith('update', 'latest', '--input', '{"targets": {"17": "good", "18": "bad"}}');
  expect(pith('append', 'latest', 'new.csv')).toMatchObject({ nRowsCovered: 4000 });
  expect(pith('represents', 'latest', '3500', '--limit', '5')).toMatchObject({ rowId: 3500 });
  expect(pith<{ nRowsCovered: number }>('window', 'latest', '--from', '1500').nRowsCovered).toBeLessThan(4000);
  const kinds = pith<{ kind: string }[]>('edits', 'latest').map(({ kind }) => kind);
  expect(kinds).toEqual(['updateTargets', 'append', 'window']);
  for (let i = 0; i < 3; i++) pith('undo', 'latest');
  expect(pith('get', 'latest', '--limit', '1000')).toEqual(start);
});
