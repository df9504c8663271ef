import { useEffect, useState } from 'react';
import { fileToRef, type ChosenFile } from '../client/engine.ts';
import { tell } from './commands.ts';

/** A file dropped anywhere in the window is imported. */
export function DropTarget({ onFile }: { readonly onFile: (file: ChosenFile) => void }) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) fileToRef(file).then(onFile, tell);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [onFile]);
  return isOver ? <div className="drop-overlay">Drop to import this file</div> : null;
}
