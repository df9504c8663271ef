import { useEffect } from 'react';
import type { ChosenFile } from '../client/engine.ts';
import { shell } from '../client/shell.ts';
import type { Command } from './commands.ts';
import { isTrainFile, openTrainFile } from './openTrainFile.ts';
import { tell } from './tell.ts';

/** Menus of the desktop window, and files that the system asks it to open. */
export function useShell(commands: readonly Command[], importFile: (file: ChosenFile) => void): void {
  useEffect(
    () =>
      shell?.onCommand((id) => {
        const command = commands.find((c) => c.id === id);
        if (!command?.isDisabled) command?.run();
      }),
    [commands],
  );
  useEffect(
    () =>
      shell?.onOpenFile(({ path, text }) => {
        const name = path.split(/[\\/]/).at(-1) ?? path;
        if (isTrainFile(name) && text !== null) openTrainFile(name, text).catch(tell);
        else importFile({ ref: { kind: 'path', path }, name });
      }),
    [importFile],
  );
}
