import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProjectStore, openProjectStore } from '../../../main/store/openStore.ts';
import { takeLock } from '../../../main/store/lock.ts';
import { tempDir } from '../../helpers/tempDir.ts';

test('the second opener gets it read-only, is told who has it, and sees what the first one writes', () => {
  const path = join(tempDir(), 'p');
  const first = createProjectStore(path, 'P');
  const second = openProjectStore(path);
  expect(second.isReadOnly).toBe(true);
  expect(second.readOnlyReason).toMatch(new RegExp(`Another Pith.*process ${process.pid}`));
  first.store.configs.save('a', 'yaml');
  expect(second.store.configs.list()).toHaveLength(1);
  expect(() => second.store.configs.save('b', 'yaml')).toThrow(/readonly/);
  first.store.close();
  second.store.close();
  const third = openProjectStore(path);
  expect(third.isReadOnly).toBe(false);
  third.store.close();
});

test('the lock of a process that was killed is free', async () => {
  const path = join(tempDir(), 'p');
  createProjectStore(path, 'P').store.close();
  const script = `
    import { openProjectStore } from ${JSON.stringify(new URL('../../../main/store/openStore.ts', import.meta.url).href)};
    const { isReadOnly } = openProjectStore(${JSON.stringify(path)});
    // Nothing refers to the store any more: the lock must not go with it.
    setTimeout(() => {
      gc();
      console.log(isReadOnly);
    }, 10);
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve) => holder.stdout.once('data', (text) => resolve(String(text))));
  expect(said.trim()).toBe('false');
  const whileHeld = openProjectStore(path);
  expect(whileHeld.isReadOnly).toBe(true);
  expect(whileHeld.readOnlyReason).toContain(String(holder.pid));
  whileHeld.store.close();

  holder.kill('SIGKILL');
  await new Promise((resolve) => holder.once('exit', resolve));
  expect(existsSync(join(path, 'project.lock.json'))).toBe(true); // what it left behind
  const after = openProjectStore(path);
  expect(after.isReadOnly).toBe(false);
  after.store.close();
});

test('giving the lock back lets the next one have it', () => {
  const path = tempDir();
  const first = takeLock(path);
  expect(first.isTaken).toBe(true);
  expect(takeLock(path).isTaken).toBe(false);
  if (first.isTaken) first.release();
  const second = takeLock(path);
  expect(second.isTaken).toBe(true);
  if (second.isTaken) second.release();
});

test.each([
  { name: 'no such folder', make: (dir: string) => join(dir, 'none') },
  {
    name: 'a folder without a project',
    make: (dir: string) => {
      mkdirSync(join(dir, 'other'));
      writeFileSync(join(dir, 'other', 'a.txt'), 'a');
      return join(dir, 'other');
    },
  },
])('opening $name is refused with a way out', ({ make }) => {
  const path = make(tempDir());
  expect(() => openProjectStore(path)).toThrow(
    expect.objectContaining({ code: 'PROJECT_NOT_FOUND', fix: expect.objectContaining({ kind: 'chooseFolder' }) }),
  );
});

test('making a project where one is, is refused', () => {
  const path = join(tempDir(), 'p');
  createProjectStore(path, 'P').store.close();
  expect(() => createProjectStore(path, 'P')).toThrow(expect.objectContaining({ code: 'PROJECT_EXISTS' }));
});

// Root may write everywhere, so as root the attempt is made by another user.
const isRoot = process.getuid?.() === 0;
test.skipIf(process.platform === 'win32')('a read-only folder is opened to look at', () => {
  const dir = tempDir();
  const path = join(dir, 'p');
  const { store } = createProjectStore(path, 'P');
  store.configs.save('a', 'yaml');
  store.close();
  for (const folder of [dir, path]) chmodSync(folder, 0o555);
  const script = `
    import { openProjectStore } from ${JSON.stringify(new URL('../../../main/store/openStore.ts', import.meta.url).href)};
    const { store, isReadOnly, readOnlyReason } = openProjectStore(${JSON.stringify(path)});
    console.log(JSON.stringify({ isReadOnly, readOnlyReason, n: store.configs.list().length }));
    store.close();`;
  try {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      ...(isRoot && { uid: 65534, gid: 65534 }),
      env: {},
    });
    expect(JSON.parse(stdout)).toEqual({ isReadOnly: true, readOnlyReason: expect.stringMatching(/written/), n: 1 });
  } finally {
    for (const folder of [dir, path]) chmodSync(folder, 0o755);
  }
});
