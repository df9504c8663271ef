import { useSyncExternalStore } from 'react';
import type { Job } from '../../main/contract/jobs.ts';
import { call, onConnection, onEvent } from '../client/engine.ts';

let jobs: readonly Job[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Job[]): void {
  jobs = next;
  for (const listener of listeners) listener();
}

async function reload(): Promise<void> {
  publish(await call('job.list', {}));
}

onEvent((event) => {
  if (event.type === 'job') {
    const others = jobs.filter((job) => job.id !== event.job.id);
    publish([event.job, ...others].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)));
  } else if (event.type === 'changed' && event.what === 'project') void reload();
});
onConnection((isConnected) => {
  if (isConnected) void reload();
});

/** All jobs of the open projects, newest first; changes as the engine tells. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => jobs,
  );
}
