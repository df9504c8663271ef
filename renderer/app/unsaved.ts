import { createStore } from './store.ts';

const names = createStore<ReadonlySet<string>>(new Set());

/** Train files whose text is not on disk yet. */
export const useUnsaved = (): ReadonlySet<string> => names.use();

export function markUnsaved(name: string, isUnsaved: boolean): void {
  if (names.get().has(name) === isUnsaved) return;
  const next = new Set(names.get());
  if (isUnsaved) next.add(name);
  else next.delete(name);
  names.set(next);
}
