import { useEffect, useState } from 'react';
import { fileToRef, type ChosenFile } from '../client/engine.ts';
import { isTrainFile, openTrainFile } from './openTrainFile.ts';
import { tell } from './tell.ts';

/** A file dropped anywhere in the window is imported; a train file joins the project. */
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
      if (!file) return;
      const work = isTrainFile(file.name)
        ? file.text().then((yaml) => openTrainFile(file.name, yaml))
        : fileToRef(file).then(onFile);
      work.catch(tell);
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
  return isOver ? <div className="drop-overlay">Drop to open this file</div> : null;
}
