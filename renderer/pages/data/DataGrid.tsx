import { AgGridReact } from 'ag-grid-react';
import {
  ColumnAutoSizeModule,
  DateFilterModule,
  InfiniteRowModelModule,
  CellStyleModule,
  ModuleRegistry,
  NumberFilterModule,
  RowApiModule,
  TextFilterModule,
  themeQuartz,
  type ColDef,
  type IDatasource,
} from 'ag-grid-community';
import { useMemo, useState } from 'react';
import type { Cell } from '../../../main/contract/json.ts';
import type { ColumnProfile, ColumnType, DataVersion } from '../../../main/contract/data.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { GridHeader, type GridHeaderParams } from './GridHeader.tsx';
import { toFilters } from './gridFilters.ts';

ModuleRegistry.registerModules([
  CellStyleModule,
  InfiniteRowModelModule,
  TextFilterModule,
  NumberFilterModule,
  RowApiModule,
  DateFilterModule,
  ColumnAutoSizeModule,
]);

const gridTheme = themeQuartz.withParams({
  backgroundColor: 'var(--surface)',
  foregroundColor: 'var(--text)',
  headerBackgroundColor: 'var(--chrome)',
  headerTextColor: 'var(--text)',
  borderColor: 'var(--line-2)',
  rowHoverColor: 'var(--hover)',
  selectedRowBackgroundColor: 'var(--accent-soft)',
  accentColor: 'var(--accent)',
  oddRowBackgroundColor: 'var(--surface)',
  fontFamily: 'var(--font)',
  fontSize: 12,
  headerFontSize: 12,
  rowHeight: 27,
  headerHeight: 128,
  cellHorizontalPadding: 10,
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  columnBorder: { color: 'var(--line-2)' },
});

/** One row as the grid holds it: its number in the version, and its cells in column order. */
export interface GridRow {
  readonly rowId: number;
  readonly cells: readonly Cell[];
}

const PAGE_ROWS = 100;

export interface DataGridProps {
  readonly projectId: string;
  readonly version: DataVersion;
  readonly profile: readonly ColumnProfile[] | null;
  readonly column: string | null;
  readonly onColumn: (name: string) => void;
  /** The row of the cell that has the focus. */
  readonly onRow: (row: GridRow) => void;
}

/** Rows in pages straight from the engine, which sorts and filters; the page holds only what is near the screen. */
export function DataGrid({ projectId, version, profile, column, onColumn, onRow }: DataGridProps) {
  const [error, setError] = useState<unknown>(null);
  const [nShown, setShown] = useState<number | null>(null);

  const datasource = useMemo<IDatasource>(
    () => ({
      getRows: ({ startRow, endRow, sortModel, filterModel, successCallback, failCallback }) => {
        call('data.page', {
          projectId,
          versionId: version.id,
          offset: startRow,
          limit: endRow - startRow,
          sort: sortModel.map(({ colId, sort }) => ({ column: nameOf(version, colId), isDescending: sort === 'desc' })),
          filters: toFilters(filterModel, (colId) => nameOf(version, colId)),
        }).then(
          (page) => {
            setError(null);
            setShown(page.nRows);
            successCallback(
              page.rows.map((cells, i) => ({ rowId: page.rowIds[i] ?? 0, cells })),
              page.nRows,
            );
          },
          (cause: unknown) => {
            setError(cause);
            failCallback();
          },
        );
      },
    }),
    [projectId, version],
  );

  const columns = useMemo<ColDef<GridRow>[]>(() => {
    const profiles = new Map(profile?.map((p) => [p.name, p]));
    const rowNumber: ColDef<GridRow> = {
      colId: 'row',
      headerName: 'Row',
      valueGetter: ({ data }) => (data ? data.rowId + 1 : null),
      width: 84,
      pinned: 'left',
      sortable: false,
      cellClass: 'num mono muted',
    };
    return [
      rowNumber,
      ...version.columns.map(({ name, type }, i): ColDef<GridRow> => {
        const isNumber = type === 'integer' || type === 'number';
        return {
          colId: String(i),
          headerName: name,
          valueGetter: ({ data }) => data?.cells[i] ?? null,
          headerComponent: GridHeader,
          headerComponentParams: {
            type,
            profile: profiles.get(name) ?? null,
            nRows: version.nRows,
            onChoose: onColumn,
          } satisfies GridHeaderParams,
          cellClass: ({ value, data }) => [isNumber ? 'num' : '', data && value === null ? 'is-missing' : ''],
          valueFormatter: ({ value, data }) =>
            data && value === null ? 'missing' : value === null ? '' : String(value),
          filter: isNumber ? 'agNumberColumnFilter' : 'agTextColumnFilter',
          filterParams: { maxNumConditions: 1, buttons: ['reset'] },
          ...widthOf(name, type, profiles.get(name), version.columns.length),
        };
      }),
    ];
  }, [version, profile, onColumn]);

  // The chosen column is marked by a style of its own, so that the grid need not draw its columns again.
  const chosen = version.columns.findIndex((c) => c.name === column);
  return (
    <div className="data-grid" data-testid="data-grid">
      {chosen >= 0 && <style>{`.data-grid [col-id="${chosen}"] { background: var(--accent-soft); }`}</style>}
      {error !== null && <ErrorState error={error} />}
      {nShown !== null && nShown < version.nRows && (
        <p className="grid-note">
          {nShown.toLocaleString('en')} of {version.nRows.toLocaleString('en')} rows pass the filter
        </p>
      )}
      <AgGridReact<GridRow>
        theme={gridTheme}
        rowModelType="infinite"
        datasource={datasource}
        columnDefs={columns}
        cacheBlockSize={PAGE_ROWS}
        maxBlocksInCache={80}
        rowBuffer={4}
        animateRows={false}
        infiniteInitialRowCount={version.nRows}
        getRowId={({ data }) => String(data.rowId)}
        defaultColDef={{ sortable: true, resizable: true }}
        enableCellTextSelection
        onCellFocused={({ api, rowIndex }) => {
          const row = rowIndex === null ? undefined : api.getDisplayedRowAtIndex(rowIndex)?.data;
          if (row) onRow(row);
        }}
      />
    </div>
  );
}

const nameOf = (version: DataVersion, colId: string): string => version.columns[Number(colId)]?.name ?? '';

/** Pixels that a column's name and its usual values need; what the window has beyond that is shared out by need. */
function widthOf(
  name: string,
  type: ColumnType,
  profile: ColumnProfile | undefined,
  nColumns: number,
): Partial<ColDef<GridRow>> {
  const isNumber = type === 'integer' || type === 'number';
  const longest = Math.max(0, ...(profile?.topValues.map(({ value }) => value.length) ?? []));
  const ofValues = type === 'text' ? 24 + 7 * longest : type === 'time' ? 168 : 0;
  const minWidth = Math.max(128, Math.min(nColumns > 6 ? 200 : 320, Math.max(64 + 8 * name.length, ofValues)));
  return { minWidth, flex: minWidth, ...(isNumber && { maxWidth: 240 }) };
}
