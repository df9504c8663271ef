import { useEffect } from 'react';
import type { Command } from './commands.ts';
import { isPressed } from './shortcut.ts';

/** What a field of text means by these itself. */
const OF_TEXT = new Set(['edit.undo', 'edit.redo']);

/**
 * The shortcuts of all commands. They are heard before the editor hears them, but for undo and redo, which are the
 * field's own; a dialog keeps the keyboard to itself.
 */
export function useShortcuts(commands: readonly Command[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commands.find(({ keys }) => keys !== null && isPressed(keys, event));
      if (!command || document.querySelector('[aria-modal="true"]')) return;
      if (OF_TEXT.has(command.id) && isText(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!command.isDisabled) command.run();
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, [commands]);
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox],[type=radio]),textarea,.monaco-editor') !== null;
