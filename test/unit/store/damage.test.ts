import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProjectStore, openProjectStore } from '../../../main/store/openStore.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** A project with enough rows that its database has many pages. */
function makeProject(): string {
  const path = join(tempDir(), 'p');
  const { store } = createProjectStore(path, 'Flights');
  store.transaction(() => {
    for (let i = 0; i < 200; i++) store.configs.save(`config ${String(i).padStart(3, '0')}`, 'x'.repeat(400));
    const dataset = store.datasets.insert({ name: 'd', source: 'd.csv', importOptions: {} });
    const version = { hash: 'ab'.repeat(32), nRows: 2, columns: [], bytes: 8, note: 'as loaded' };
    store.datasets.insertVersion(dataset.id, version);
  });
  writeFileSync(store.files.dataPath('ab'.repeat(32)), 'parquet');
  store.close();
  return path;
}

const asides = (path: string) => readdirSync(path).filter((name) => /^project\.db\.damaged-.*Z$/.test(name));

test('a sound project opens without a word', () => {
  const path = makeProject();
  const { store, notices } = openProjectStore(path);
  expect(notices).toEqual([]);
  expect(store.configs.list()).toHaveLength(200);
  store.close();
  expect(asides(path)).toEqual([]);
});

test.each([
  {
    name: 'pages in the middle overwritten',
    damage: (bytes: Buffer) => bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 8192),
  },
  { name: 'the header overwritten', damage: (bytes: Buffer) => bytes.fill(0, 0, 100) },
  {
    name: 'text in place of it',
    damage: () => Buffer.from('not a database at all, but some text of a hundred bytes and more, so that it is read'),
  },
])('a damaged database is kept aside and the project opens: $name', ({ damage }) => {
  const path = makeProject();
  const file = join(path, 'project.db');
  const damaged = damage(readFileSync(file));
  writeFileSync(file, damaged);

  const { store, notices, isReadOnly } = openProjectStore(path);
  expect(isReadOnly).toBe(false);
  expect(notices[0]).toMatch(/damaged.*kept as project\.db\.damaged-/);
  const [aside] = asides(path);
  expect(readFileSync(join(path, aside!)).equals(damaged)).toBe(true);
  expect(existsSync(store.files.dataPath('ab'.repeat(32)))).toBe(true);
  // It works again, and the next opening has nothing to tell.
  store.configs.save('new', 'yaml');
  store.close();
  const again = openProjectStore(path);
  expect(again.notices).toEqual([]);
  again.store.close();
});

test('what can be read of a damaged database is in the new one', () => {
  const path = makeProject();
  const file = join(path, 'project.db');
  const bytes = readFileSync(file);
  // The last quarter: rows written late. Early pages (schema, identity, first rows) are sound.
  bytes.fill(0x5a, Math.floor(bytes.length / 4096 / 1.3) * 4096);
  writeFileSync(file, bytes);
  const { store } = openProjectStore(path);
  expect(store.name).toBe('Flights');
  const n = store.configs.list().length;
  expect(n).toBeGreaterThan(20);
  expect(n).toBeLessThan(200);
  store.close();
});

test('data files that no row names are told, so that they can be listed again', () => {
  const path = makeProject();
  writeFileSync(join(path, 'project.db'), 'x'.repeat(200));
  const { store, orphanHashes } = openProjectStore(path);
  expect(orphanHashes).toEqual(['ab'.repeat(32)]);
  store.close();
});

test('a project whose database is gone opens by its data files', () => {
  const path = makeProject();
  rmSync(join(path, 'project.db'));
  const { store, notices, orphanHashes } = openProjectStore(path);
  expect(notices[0]).toMatch(/missing/);
  expect(orphanHashes).toHaveLength(1);
  store.close();
});
