import { Modal } from '@mantine/core';
import type { Command } from './commands.ts';
import { printKeys } from './shortcut.ts';

/** Keys that belong to one part of the window and to no command. */
const OTHERS: readonly (readonly [keys: string, meaning: string])[] = [
  ['↑ ↓', 'Walk the runs, the suggestions, a list'],
  ['↵', 'Open the run under the focus'],
  ['Space', 'Select the run under the focus'],
  ['F2', 'Rename the run under the focus'],
  ['Delete', 'Move the run to the trash; close a tab'],
  ['Shift+click', 'Sort by one more column of the grid'],
];

/** All keys on one card. */
export function ShortcutsDialog({ commands, onClose }: { commands: readonly Command[]; onClose: () => void }) {
  const own = commands.flatMap(({ keys, label }) => (keys === null ? [] : [[printKeys(keys), label] as const]));
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" size="lg">
      <dl className="shortcuts">
        {[...own, ...OTHERS].map(([keys, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
