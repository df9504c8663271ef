import { NativeSelect } from '@mantine/core';
import type { ColumnType, ImportPreview } from '../../../main/contract/data.ts';

const TYPES: ColumnType[] = ['integer', 'number', 'boolean', 'text', 'time'];

/** The first rows as they will be read, with the type of each column. Cells are text nodes: HTML stays text. */
export function PreviewTable({
  preview,
  onType,
}: {
  readonly preview: ImportPreview;
  readonly onType: (column: string, type: ColumnType) => void;
}) {
  return (
    <div className="import-preview" tabIndex={0} role="region" aria-label="Preview">
      <table className="pith-preview">
        <thead>
          <tr>
            {preview.columns.map((column) => (
              <th key={column.name}>
                <span
                  title={
                    column.originalName === column.name
                      ? column.name
                      : `${column.name}, in the file: ${column.originalName || '(blank)'}`
                  }
                >
                  {column.name}
                </span>
                <NativeSelect
                  size="xs"
                  aria-label={`Type of ${column.name}`}
                  data={TYPES}
                  value={column.type}
                  onChange={(event) => onType(column.name, event.currentTarget.value as ColumnType)}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.slice(0, 50).map((row, i) => (
            // The preview is replaced whole, so a row's place is its identity.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={i}>
              {preview.columns.map((column, j) => (
                <td key={column.name} className={column.type === 'integer' || column.type === 'number' ? 'num' : ''}>
                  {row[j] === null ? <em>missing</em> : String(row[j])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
