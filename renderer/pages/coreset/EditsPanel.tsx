import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { CoresetEdit } from '../../../main/contract/coreset.ts';
import { formatCount } from '../../charts/format.ts';

/** Edits of the tree, newest first; the newest can be undone. */
export function EditsPanel({
  edits,
  isReadOnly,
  isBusy,
  onUndo,
}: {
  edits: readonly CoresetEdit[];
  isReadOnly: boolean;
  isBusy: boolean;
  onUndo: () => void;
}) {
  const newest = [...edits].sort((a, b) => b.id - a.id);
  return (
    <section className="run-inspector-part">
      <div className="run-inspector-row">
        <h3>Edits</h3>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowBackUp size={14} stroke={1.4} />}
          disabled={edits.length === 0 || isReadOnly}
          loading={isBusy}
          onClick={onUndo}
        >
          Undo last
        </Button>
      </div>
      {newest.length === 0 ? (
        <p className="run-hint">
          No edits. Corrected labels and removed rows change this tree without building it again.
        </p>
      ) : (
        <ol className="coreset-edits">
          {newest.slice(0, 12).map((e) => (
            <li key={e.id}>
              <span>{e.description}</span>
              <small>
                {formatCount(e.nRows)} {e.nRows === 1 ? 'row' : 'rows'} ·{' '}
                {new Date(e.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
              </small>
            </li>
          ))}
        </ol>
      )}
      {newest.length > 12 && <p className="run-hint">and {newest.length - 12} before</p>}
    </section>
  );
}
