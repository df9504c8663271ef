import { notifications } from '@mantine/notifications';
import { createStore } from './store.ts';
import { tell } from './tell.ts';

/** Something a person did that can be taken back. */
export interface Deed {
  /** What was done, as the menu says it: "move Run 3 to the trash". */
  readonly label: string;
  readonly undo: () => Promise<unknown>;
  readonly redo: () => Promise<unknown>;
}

interface History {
  readonly done: readonly Deed[];
  readonly undone: readonly Deed[];
}

const EMPTY: History = { done: [], undone: [] };
const MAX_DEEDS = 100;
const history = createStore<History>(EMPTY);

/** Does something and remembers how to take it back. */
export async function perform(deed: Deed): Promise<void> {
  await deed.redo();
  history.set({ done: [...history.get().done, deed].slice(-MAX_DEEDS), undone: [] });
}

/** Takes the last deed back; says what it was, since it may be on another page. */
export async function undo(): Promise<void> {
  const { done, undone } = history.get();
  const deed = done.at(-1);
  if (!deed) return;
  history.set({ done: done.slice(0, -1), undone: [...undone, deed] });
  await deed.undo().then(() => say(`Undone: ${deed.label}.`), tell);
}

export async function redo(): Promise<void> {
  const { done, undone } = history.get();
  const deed = undone.at(-1);
  if (!deed) return;
  history.set({ done: [...done, deed], undone: undone.slice(0, -1) });
  await deed.redo().then(() => say(`Done again: ${deed.label}.`), tell);
}

/** Another project: what was done belongs to the former one. */
export const forgetDeeds = (): void => history.set(EMPTY);

/** The deeds that Undo and Redo would take next. */
export function useHistory(): { readonly undo: string | null; readonly redo: string | null } {
  const { done, undone } = history.use();
  return { undo: done.at(-1)?.label ?? null, redo: undone.at(-1)?.label ?? null };
}

const say = (message: string) => notifications.show({ message, autoClose: 3000 });
