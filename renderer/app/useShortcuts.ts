import { useEffect } from 'react';
import { isMac, type Command } from './commands.ts';

/** Ctrl or Cmd with a command's key; F6 moves between the regions of the window. */
export function useShortcuts(commands: readonly Command[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'F6') {
        event.preventDefault();
        focusNextRegion(event.shiftKey ? -1 : 1);
        return;
      }
      const hasModifier = isMac ? event.metaKey : event.ctrlKey;
      if (!hasModifier || event.shiftKey || event.altKey) return;
      const command = commands.find((c) => c.keys?.toLowerCase() === event.key.toLowerCase());
      // Monaco has meanings of its own for some of our keys; the editor wins while it has the focus.
      const isInEditor = event.target instanceof Element && event.target.closest('.monaco-editor') !== null;
      if (!command || (isInEditor && !/^[1-9]$/.test(event.key))) return;
      event.preventDefault();
      command.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [commands]);
}

function focusNextRegion(step: number): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  regions[(at + step + regions.length) % regions.length]?.focus();
}
