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

test('rows kept for the test are locked, opened on request, and the looks are counted', () => {
  const folder = folderWithTable();
  const config = join(folder, 'table.pith.yaml');
  expect(command(folder, 'run', 'table.pith.yaml', '--open-test')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('split: {test: 0.2}'),
  });
  writeFileSync(config, `${readFileSync(config, 'utf8')}split: {test: 0.2}\n`);
  expect(command(folder, 'run', 'table.pith.yaml').stdout).toContain(
    '180 test rows are locked; pith test 1 opens them',
  );
  expect(command(folder, 'export', '1', '-o', 'm.onnx', '--threshold', '0.3').stderr).toMatch(
    /label is 1: precision 0\.\d+, recall 0\.\d+ on the 180 validation rows\. If it was chosen on these rows, expect/,
  );
  const report = (...args: string[]) =>
    JSON.parse(command(folder, ...args, '--json').stdout) as { test: { metrics: { full: object }; looks: number } };
  const first = report('test', '1').test;
  expect(first).toMatchObject({
    nTest: 180,
    looks: 1,
    intervals: { full: { rocAuc: [expect.any(Number), expect.any(Number)] } },
  });
  const second = report('run', 'table.pith.yaml', '--open-test').test;
  expect([second.looks, second.metrics]).toEqual([2, first.metrics]);
  const told = command(folder, 'test', '1').stdout;
  expect(told).toContain('all rows on 180 test rows');
  expect(told).toMatch(/rocAuc( +0\.\d+ +0\.\d+ to 0\.\d+){2} +0\.5 +0\.\d+ +0\.\d+ to 0\.\d+$/m);
  expect(told).toContain('2 runs have looked at these test rows; the best of them is flattered.');
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
