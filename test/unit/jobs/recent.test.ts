import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RecentProjects } from '../../../main/jobs/recent.ts';
import { createProjectStore } from '../../../main/store/openStore.ts';
import { tempDir } from '../../helpers/tempDir.ts';

test('newest first, once each, with what is in the project; written whole', () => {
  const dir = tempDir();
  const recent = new RecentProjects(join(dir, 'home', 'state.json'));
  const stores = ['a', 'b'].map((name) => createProjectStore(join(dir, name), name.toUpperCase()).store);
  recent.opened(join(dir, 'a'), stores[0]!);
  recent.opened(join(dir, 'b'), stores[1]!);
  const { id } = stores[0]!.datasets.insert({ name: 'd', source: '', importOptions: {} });
  stores[0]!.datasets.insertVersion(id, { hash: 'aa', nRows: 7, columns: [], bytes: 1, note: '' });
  recent.changed(join(dir, 'a'), stores[0]!);
  expect(recent.list()).toMatchObject([
    { name: 'B', exists: true, nRows: null },
    { name: 'A', exists: true, nRows: 7 },
  ]);
  recent.opened(join(dir, 'a'), stores[0]!);
  expect(recent.list().map(({ name }) => name)).toEqual(['A', 'B']);
  recent.forget(join(dir, 'a'));
  expect(recent.list().map(({ name }) => name)).toEqual(['B']);
  expect(readdirSync(join(dir, 'home'))).toEqual(['state.json']);
  for (const store of stores) store.close();
});

test('a list that cannot be read is an empty one', () => {
  const dir = tempDir();
  const statePath = join(dir, 'state.json');
  expect(new RecentProjects(statePath).list()).toEqual([]);
  writeFileSync(statePath, '{"recent": [{"path": 3');
  expect(new RecentProjects(statePath).list()).toEqual([]);
});
