import { Modal } from '@mantine/core';
import { useCallback } from 'react';
import { formatCount, formatParam, formatShare, formatValue } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { useReading } from '../run/useReading.ts';
import { isNumberIn } from './cells.ts';

const never = () => false;

/** Which rows of the data one coreset row stands for, the nearest first. */
export function RepresentsDialog({
  projectId,
  coresetId,
  rowId,
  onClose,
}: {
  projectId: string;
  coresetId: string;
  rowId: number;
  onClose: () => void;
}) {
  const read = useCallback(
    () => call('coreset.represents', { projectId, coresetId, rowId, limit: 50 }),
    [projectId, coresetId, rowId],
  );
  const { value, error, reload } = useReading(read, never);
  return (
    <Modal opened onClose={onClose} title={`Rows that row ${formatCount(rowId)} stands for`} size="min(1080px, 92vw)">
      {error !== null && <ErrorState error={error} onRetry={() => void reload()} />}
      {!value && error === null && <LoadingState label="Reading its stretch of the data" />}
      {value && (
        <>
          <p className="dialog-text">
            {value.keptRowId === value.rowId
              ? `The coreset keeps this row${value.weight > 0 ? ` with weight ${formatValue(value.weight, 4)}` : ' at a lower level'}.`
              : `The coreset does not keep this row: row ${formatCount(value.keptRowId)} stands for it.`}{' '}
            {value.nRows === 1
              ? `In its leaf of ${formatCount(value.nRowsOfLeaf)} rows it stands for itself alone.`
              : `In its leaf of ${formatCount(value.nRowsOfLeaf)} rows it stands for ${formatCount(value.nRows)} (${formatShare(
                  value.nRows / Math.max(1, value.nRowsOfLeaf),
                )}): those of its label that the pilot predicts most alike.`}
          </p>
          <div className="pith-scroll is-tall">
            <table className="pith-table">
              <thead>
                <tr>
                  <th scope="col" className="is-right">
                    Row
                  </th>
                  <th scope="col" className="is-right">
                    Distance
                  </th>
                  {value.columns.map((column, k) => (
                    <th scope="col" key={column} className={isNumberIn(value.rows, k) ? 'is-right' : undefined}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {value.rows.map((row) => (
                  <tr key={row.rowId} className={row.rowId === value.keptRowId ? 'is-selected' : ''}>
                    <td className="is-right is-mono">{formatCount(row.rowId)}</td>
                    <td className="is-right">
                      {row.rowId === value.keptRowId ? 'kept' : Number(row.distance.toPrecision(2))}
                    </td>
                    {row.cells.map((cell, k) => (
                      <td key={value.columns[k]} className={typeof cell === 'number' ? 'is-right' : 'is-clip'}>
                        {cell === null ? <em>missing</em> : formatParam(cell)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Modal>
  );
}
