import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { EngineMessage } from '../../main/contract/wire.ts';
import { tempDir } from '../helpers/tempDir.ts';

const entry = fileURLToPath(new URL('../../main/hosts/child/main.ts', import.meta.url));

function start(home: string) {
  // Something was opened before, so that it does not import the sample of the first start.
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'state.json'),
    JSON.stringify({
      recent: [{ path: home, name: 'x', openedAt: '', nRows: null, nColumns: null, target: null, metric: null }],
    }),
  );
  const child = fork(entry, [], { env: { ...process.env, PITH_HOME: home }, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const heard: EngineMessage[] = [];
  child.on('message', (message) => heard.push(EngineMessage.parse(message)));
  let lastId = 0;
  const ask = async (message: object) => {
    const id = ++lastId;
    child.send({ id, ...message });
    await expect.poll(() => heard.some((m) => 'id' in m && m.id === id), { timeout: 10_000, interval: 5 }).toBe(true);
    return heard.find((m) => 'id' in m && m.id === id)!;
  };
  return { child, heard, ask };
}

const exited = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

test('answers its parent, opens only what the parent allows, and stops cleanly when the parent goes', async () => {
  const home = join(tempDir(), 'home');
  const { child, heard, ask } = start(home);
  await expect.poll(() => heard.some((m) => 'type' in m && m.type === 'ready'), { timeout: 10_000 }).toBe(true);
  const created = await ask({ channel: 'project.create', payload: { name: 'P' } });
  expect(created).toMatchObject({ ok: true, value: { name: 'P' } });
  const elsewhere = join(tempDir(), 'elsewhere');
  const create = { channel: 'project.create', payload: { name: 'Q', path: elsewhere } };
  expect(await ask(create)).toMatchObject({ ok: false, error: { code: 'FILE_NOT_ALLOWED' } });
  expect(await ask({ type: 'allowFile', path: elsewhere })).toMatchObject({ ok: true, value: null });
  expect(await ask(create)).toMatchObject({ ok: true, value: { path: elsewhere } });
  const gone = exited(child);
  child.disconnect();
  expect(await gone).toBe(0);
  // Closed, not merely dead: the lock's note and the write-ahead log are gone.
  for (const name of ['project.lock.json', 'project.db-wal']) expect(existsSync(join(elsewhere, name))).toBe(false);
});
