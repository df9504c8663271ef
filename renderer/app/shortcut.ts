import { shell } from '../client/shell.ts';

export const isMac = shell ? shell.platform === 'darwin' : navigator.userAgent.includes('Mac');

/** "Mod+Shift+Z" as it is printed on a control: Mod is Ctrl, or ⌘ on a Mac. */
export function printKeys(keys: string): string {
  const names: Readonly<Record<string, string>> = isMac
    ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' }
    : { Mod: 'Ctrl', Enter: '↵' };
  const parts = keys.split('+').map((part) => names[part] ?? part);
  return parts.join(isMac ? '' : '+');
}

/** Whether `event` is the shortcut `keys`, with exactly its modifiers. */
export function isPressed(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const hasMod = isMac ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    hasMod === parts.includes('Mod') &&
    event.shiftKey === parts.includes('Shift') &&
    event.altKey === parts.includes('Alt')
  );
}
