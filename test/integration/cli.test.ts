import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { withAbsolutePath } from '../../main/hosts/cli/commands/run.ts';
import { tempDir } from '../helpers/tempDir.ts';

const pith = fileURLToPath(new URL('../../main/hosts/cli/pith.mjs', import.meta.url));

function run(args: string[], options: { cwd?: string; node?: string; env?: NodeJS.ProcessEnv; input?: string } = {}) {
  const cwd = options.cwd ?? tempDir();
  const { status, stdout, stderr } = spawnSync(options.node ?? process.execPath, [pith, ...args], {
    cwd,
    encoding: 'utf8',
    input: options.input ?? '',
    env: { ...process.env, PITH_HOME: join(cwd, 'home'), VITEST: undefined, ...options.env },
  });
  return { status, stdout, stderr };
}

describe('help', () => {
  test.each(['run', 'import', 'profile', 'predict', 'export', 'coreset', 'serve', 'bench'])('%s has one', (command) => {
    const { status, stdout, stderr } = run([command, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: pith ${command}`);
    expect(stderr).toBe('');
  });

  test('without a command it is shown as wrong usage, on stderr', () => {
    const { status, stdout, stderr } = run([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: pith COMMAND');
  });

  test('the version', () => {
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test.each([
  { args: ['frobnicate'], says: 'no command "frobnicate"' },
  { args: ['run'], says: 'CONFIG is missing' },
  { args: ['run', 'a', 'b'], says: 'one argument too many' },
  { args: ['run', 'none.yaml'], says: 'no file "none.yaml"' },
  { args: ['run', '--frob', 'x'], says: "Unknown option '--frob'" },
  { args: ['import'], says: 'FILE is missing' },
  { args: ['import', 'none.csv'], says: 'no file "none.csv"' },
  { args: ['import', 'none.csv', '--decimal', 'x'], says: 'none.csv' },
  { args: ['predict', 'a.csv'], says: '--run ID is missing' },
  { args: ['predict', '--run', '1', 'a.csv'], says: '-o OUT.csv is missing' },
  { args: ['export', '1'], says: '-o MODEL.onnx is missing' },
  { args: ['export', '1', '-o', 'm.onnx'], says: 'no Pith project in this folder' },
  { args: ['export', '1', '-o', 'm.onnx', '--rows', 'some'], says: '--rows takes final, full, coreset' },
  { args: ['export', '1', '-o', 'm.onnx', '--project', 'none'], says: 'no Pith project in' },
  { args: ['coreset'], says: 'VERB is missing' },
  { args: ['coreset', 'frob'], says: 'no verb "frob"' },
  { args: ['coreset', 'build', 'a.csv', '--size', 'many'], says: '--size takes a number' },
  { args: ['coreset', 'update', 'x', '--input', '{'], says: '--input is not a JSON object' },
  { args: ['coreset', 'update', 'x', '--input', '[1]'], says: '--input is not a JSON object' },
  { args: ['coreset', 'info', 'x'], says: 'no Pith project' },
  { args: ['serve', '--port', '-1'], says: 'port' },
  { args: ['bench'], says: 'NAME is missing' },
])('bad usage is exit 2 with a sentence and a way out: pith $args', ({ args, says }) => {
  const { status, stdout, stderr } = run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
  // A second line: what to do. No stack.
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(stderr).not.toMatch(/\.ts:\d/);
});

test('a folder that is no project and has other files is not taken for one', () => {
  const cwd = tempDir();
  mkdirSync(join(cwd, 'other'));
  writeFileSync(join(cwd, 'other', 'a.txt'), 'a');
  writeFileSync(join(cwd, 'a.csv'), 'a,b\n1,2\n');
  const { status, stderr } = run(['import', 'a.csv', '--project', 'other'], { cwd });
  expect(status).toBe(2);
  expect(stderr).toContain('no Pith project');
});

test.skipIf(process.platform === 'win32')(
  'another Node starts the pinned one, and says so when that is not there',
  () => {
    const cwd = tempDir();
    const other = join(cwd, 'node20');
    // Stands for a machine's own Node: a program that runs the launcher's JavaScript but is of another version.
    writeFileSync(
      other,
      `#!/bin/sh\nexec ${process.execPath} --import 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})' "$@"\n`,
    );
    chmodSync(other, 0o755);
    expect(run(['--version'], { cwd, node: other }).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const wrong = run(['--version'], { cwd, node: other, env: { PITH_NODE: other } });
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/Pith needs Node 24; .* is 20\.1\.0/);
  },
);

test('serve prints the tokened address, answers there, and stops on SIGTERM', async () => {
  const cwd = tempDir();
  const child = spawn(process.execPath, [pith, 'serve'], {
    cwd,
    env: { ...process.env, PITH_HOME: join(cwd, 'home') },
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout.on('data', (text) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(String(text));
      if (found) resolve(found[0]);
    });
  });
  expect((await fetch(new URL('/', url))).status).toBe(401);
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
});

test.each([
  {
    name: 'a relative path',
    yaml: 'data:\n  path: a.csv # here\n  target: y\n',
    want: 'data:\n  path: "/x/a.csv" # here\n  target: y\n',
  },
  {
    name: 'a quoted one in a flow map',
    yaml: "data: {path: 'a b.csv', target: y}",
    want: 'data: {path: "/x/a b.csv", target: y}',
  },
  { name: 'an absolute one', yaml: 'data: {path: /y/a.csv}', want: 'data: {path: /y/a.csv}' },
  { name: 'none', yaml: 'data: {dataset: d}', want: 'data: {dataset: d}' },
  { name: 'no YAML', yaml: 'data: [', want: 'data: [' },
])('only the path of the data is made absolute: $name', ({ yaml, want }) => {
  expect(withAbsolutePath(yaml, '/x')).toBe(want);
});
