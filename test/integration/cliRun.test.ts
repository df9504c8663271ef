import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createRng } from '../../main/kernels/rng.ts';
import { tempDir } from '../helpers/tempDir.ts';

const pith = fileURLToPath(new URL('../../main/hosts/cli/pith.mjs', import.meta.url));

function command(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [pith, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PITH_HOME: tempDir(), VITEST: undefined },
  });
  return { status, stdout, stderr };
}

function folderWithTable(): string {
  const folder = tempDir();
  const rng = createRng(3);
  const rows = Array.from({ length: 900 }, () => {
    const x = rng.normal();
    return `${x.toFixed(4)},${['a', 'b'][rng.int(2)]!},${x + rng.normal() > 0 ? 1 : 0}`;
  });
  writeFileSync(join(folder, 'table.csv'), `x,kind,y\n${rows.join('\n')}\n`);
  writeFileSync(
    join(folder, 'table.pith.yaml'),
    'data: {path: table.csv, target: y}\ncoreset: {size: 200}\nmodel: {type: logisticRegression}\ntune: {method: grid, space: {C: [0.1, 1]}, folds: 3}\n',
  );
  return folder;
}

test('run prints one JSON document; predict and export use its model', () => {
  const folder = folderWithTable();
  const { status, stdout, stderr } = command(folder, 'run', 'table.pith.yaml', '--json');
  expect({ status, stderr: /^(\d+ % )?\p{Lu}\p{L}+ /mu.test(stderr) }).toEqual({ status: 0, stderr: true });
  const report = JSON.parse(stdout) as Record<string, Record<string, Record<string, number>>>;
  expect(report).toMatchObject({
    task: 'binary',
    target: 'y',
    nRows: 900,
    nTrain: 720,
    nValidation: 180,
    model: 'logisticRegression',
    coreset: { size: 200, level: 0, nRows: 200 },
    warnings: [],
  });
  expect(report['metrics']!['full']!['rocAuc']).toBeGreaterThan(0.75);
  expect(Object.keys(report['timings']!)).toEqual(
    expect.arrayContaining(['importMs', 'coresetMs', 'tuneMs', 'fitMs', 'evaluateMs', 'totalMs']),
  );
  expect(command(folder, 'predict', '--run', 'latest', 'table.csv', '-o', 'out.csv').status).toBe(0);
  const lines = readFileSync(join(folder, 'out.csv'), 'utf8').trim().split('\n');
  expect(lines[0]).toBe('x,kind,y,predicted_y,probability_0,probability_1');
  expect(lines).toHaveLength(901);
  expect(command(folder, 'export', 'latest', '-o', 'model.onnx').status).toBe(0);
  expect(existsSync(join(folder, 'model.onnx'))).toBe(true);
});

test.each([
  ['a wrong key', 'folds: 3', 'fold: 3', /line 4: .*"fold".*did you mean "folds"/],
  ['a wrong target', 'target: y', 'target: z', /no column "z"/],
  ['a missing file', 'table.csv', 'tabel.csv', /tabel\.csv/],
])('%s: status 2, the sentence on stderr, nothing left behind', (_what, from, to, says) => {
  const folder = folderWithTable();
  const config = join(folder, 'table.pith.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace(from, to));
  const before = readdirSync(folder);
  const { status, stdout, stderr } = command(folder, 'run', 'table.pith.yaml', '--json');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(readdirSync(folder)).toEqual(before);
});
