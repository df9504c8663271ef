import type { ReactNode } from 'react';
import { formatCount, formatShare } from '../../charts/format.ts';

/** What every table of coresets shows of one. */
export interface ListedCoreset {
  readonly id: string;
  readonly name: string;
  readonly nRows: number;
  readonly excessLoss: number | null;
}

export interface CoresetColumn<Row> {
  readonly head: string;
  /** Numbers stand at the right. */
  readonly isRight?: boolean;
  /** Long text is cut. */
  readonly isClip?: boolean;
  readonly renderCell: (row: Row) => ReactNode;
}

/** Coresets in rows: name, what `before` says, size and excess loss, what `after` says, and what can be done. */
export function CoresetTable<Row extends ListedCoreset>({
  rows,
  before = [],
  after,
  renderActions,
  isChosen,
  onOpen,
}: {
  rows: readonly Row[];
  before?: readonly CoresetColumn<Row>[];
  after: readonly CoresetColumn<Row>[];
  renderActions: (row: Row) => ReactNode;
  isChosen?: (row: Row) => boolean;
  onOpen: (coresetId: string) => void;
}) {
  const columns: readonly CoresetColumn<Row>[] = [
    ...before,
    { head: 'Rows', isRight: true, renderCell: (row) => formatCount(row.nRows) },
    {
      head: 'Excess loss',
      isRight: true,
      renderCell: ({ excessLoss }) => (excessLoss === null ? '–' : <b>{formatShare(excessLoss)}</b>),
    },
    ...after,
  ];
  return (
    <div className="pith-scroll">
      <table className="pith-table">
        <thead>
          <tr>
            <th scope="col">Coreset</th>
            {columns.map(({ head, isRight }) => (
              <th scope="col" key={head} className={isRight ? 'is-right' : undefined}>
                {head}
              </th>
            ))}
            <th scope="col">
              <span className="is-spoken">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={isChosen?.(row) ? 'is-selected' : undefined}>
              <td className="is-strong">
                <button type="button" className="runs-name" onClick={() => onOpen(row.id)}>
                  <i className="dot is-coreset" />
                  {row.name}
                </button>
              </td>
              {columns.map(({ head, isRight, isClip, renderCell }) => (
                <td key={head} className={isRight ? 'is-right' : isClip ? 'is-clip' : undefined}>
                  {renderCell(row)}
                </td>
              ))}
              <td className="is-right">{renderActions(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
