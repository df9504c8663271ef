import { useSyncExternalStore } from 'react';
import type { Project } from '../../main/contract/project.ts';
import { call, onConnection } from '../client/engine.ts';

interface ProjectState {
  readonly project: Project | null;
  readonly isKnown: boolean;
}

let state: ProjectState = { project: null, isKnown: false };
const listeners = new Set<() => void>();

export function setProject(project: Project | null): void {
  state = { project, isKnown: true };
  if (project) sessionStorage.setItem('pith.project', project.path);
  else sessionStorage.removeItem('pith.project');
  for (const listener of listeners) listener();
}

/** The engine keeps projects open; a reloaded page finds the one it showed. */
async function recover(): Promise<void> {
  const opened = await call('project.opened', {});
  const kept = sessionStorage.getItem('pith.project');
  setProject(opened.find((p) => p.path === kept) ?? opened[0] ?? null);
}

onConnection((isConnected) => {
  if (isConnected) recover().catch(() => setProject(null));
});

/** The project on screen. */
export function useProject(): ProjectState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** The same, outside React. */
export const currentProject = (): Project | null => state.project;
