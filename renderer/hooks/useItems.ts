import { useCallback } from 'react';
import type { EngineEvent } from '../../main/contract/channels.ts';
import type { PageName } from '../app/route.ts';
import { call } from '../client/engine.ts';
import { useReading } from '../pages/run/useReading.ts';

/** Something of the project that has an address: a version of a table, a coreset, a train file, a run. */
export interface Item {
  readonly page: PageName;
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  /** Start of the hash of a version's content. */
  readonly hash?: string;
}

type What = Extract<EngineEvent, { type: 'changed' }>['what'];

function useList(projectId: string | null, what: What, read: (projectId: string) => Promise<readonly Item[]>) {
  const ask = useCallback(() => (projectId === null ? Promise.resolve([]) : read(projectId)), [projectId, read]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === what,
    [projectId, what],
  );
  return useReading(ask, isAbout).value;
}

/** Everything of the project that can be opened, newest first; null until all of it was read. */
export function useItems(projectId: string | null): readonly Item[] | null {
  const tables = useList(projectId, 'data', readTables);
  const coresets = useList(projectId, 'coresets', readCoresets);
  const files = useList(projectId, 'configs', readFiles);
  const runs = useList(projectId, 'runs', readRuns);
  return tables && coresets && files && runs ? [...tables, ...coresets, ...files, ...runs] : null;
}

async function readTables(projectId: string): Promise<Item[]> {
  const datasets = await call('data.list', { projectId });
  return datasets.flatMap(({ name, versions }) =>
    versions.map(({ id, hash, nRows }, i) => ({
      page: 'data' as const,
      id,
      title: i === 0 ? name : `${name} · ${hash.slice(0, 7)}`,
      detail: `${nRows.toLocaleString('en')} rows`,
      hash: hash.slice(0, 7),
    })),
  );
}

async function readCoresets(projectId: string): Promise<Item[]> {
  const coresets = await call('coreset.list', { projectId });
  return coresets.map(({ id, name, nRows, target }) => ({
    page: 'coreset',
    id,
    title: name,
    detail: `${nRows.toLocaleString('en')} rows${target === null ? '' : ` · ${target}`}`,
  }));
}

async function readFiles(projectId: string): Promise<Item[]> {
  const files = await call('config.files', { projectId });
  return files.map(({ name }) => ({ page: 'train', id: name, title: name, detail: 'train file' }));
}

/** Runs in the trash too: their pages can still be opened. */
async function readRuns(projectId: string): Promise<Item[]> {
  const lists = await Promise.all([call('run.list', { projectId }), call('run.list', { projectId, isTrashed: true })]);
  return lists.flat().map(({ id, name, modelTitle, dataset }) => ({
    page: 'runs',
    id,
    title: name,
    detail: `${modelTitle} · ${dataset}`,
  }));
}
