import { useEffect, useRef } from 'react';
import type { Command } from './commands.ts';
import { createStore } from './store.ts';

const registered = createStore<readonly (readonly Command[])[]>([]);

/**
 * What the open page can do, for the palette, the menus and the keyboard. Only a change of what is seen of the commands
 * registers them anew: what they run may be a new function on every render.
 */
export function useOffer(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  }, [commands]);
  const seen = JSON.stringify(commands);
  useEffect(() => {
    const offered = (JSON.parse(seen) as Omit<Command, 'run'>[]).map((command, i) => ({
      ...command,
      run: () => latest.current[i]?.run(),
    }));
    registered.set([...registered.get(), offered]);
    return () => registered.set(registered.get().filter((list) => list !== offered));
  }, [seen]);
}

/** Commands of all that is on screen. */
export const usePageCommands = (): readonly (readonly Command[])[] => registered.use();
