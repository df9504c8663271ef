import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { undo } from './undo.ts';
import { printKeys } from './shortcut.ts';

/** Says for a while what was done, with a button that takes it back. */
export function showUndoNote(message: ReactNode): void {
  const id = notifications.show({
    autoClose: 8000,
    message: (
      <span className="undo-note">
        {message}
        <Button
          size="compact-xs"
          variant="default"
          rightSection={<kbd>{printKeys('Mod+Z')}</kbd>}
          onClick={() => {
            notifications.hide(id);
            void undo();
          }}
        >
          Undo
        </Button>
      </span>
    ),
  });
}
