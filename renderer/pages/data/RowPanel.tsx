import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { DataVersion } from '../../../main/contract/data.ts';
import type { GridRow } from './DataGrid.tsx';

export interface RowPanelProps {
  readonly row: GridRow;
  readonly columns: DataVersion['columns'];
  readonly onClose: () => void;
}

/** All cells of the row under the focus: a table of seventy columns shows a few of them at a time. */
export function RowPanel({ row, columns, onClose }: RowPanelProps) {
  return (
    <section aria-label={`Row ${row.rowId + 1}`}>
      <div className="panel-head">
        Row {(row.rowId + 1).toLocaleString('en')}
        <span className="grow" />
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="Close the row" onClick={onClose}>
          <IconX size={14} />
        </ActionIcon>
      </div>
      <dl className="row-cells">
        {columns.map(({ name }, i) => {
          const cell = row.cells[i] ?? null;
          return (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={cell === null ? 'is-warn' : undefined}>{cell === null ? 'missing' : String(cell)}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
