import type { CoresetSource } from '../../../contract/coreset.ts';
import type { Chunk } from '../../../coreset/rows.ts';
import type { RowLookup } from '../../../coreset/tree/locate.ts';
import type { Leaf } from '../../../coreset/tree/leaves.ts';
import { categoryOf, readCells, readTableRows } from '../../../coreset/version/lookup.ts';
import type { VersionPlan } from '../../../coreset/version/plan.ts';
import { requestsOf, streamChunks, toChunk } from '../../../coreset/version/source.ts';
import type { Column, Table } from '../../../kernels/table.ts';
import { Preprocessor } from '../../../models/preprocess/preprocessor.ts';
import type { Cell } from '../../../contract/json.ts';
import type { ColumnRequest } from '../../../data/readTable.ts';
import type { CoresetRecord, EditRecord } from '../../../store/coresets.ts';
import { recipeOf } from './summary.ts';
import type { EditRequest } from './editRequest.ts';

/** A version whose rows are in a tree, with its file. Row ids are the file's row numbers + `offset`. */
export interface PlacedSource extends CoresetSource {
  readonly file: string;
}

/** The data of a coreset: what it was built from, then what was appended and not taken back. */
export function sourcesOf(record: CoresetRecord, edits: readonly EditRecord[]): CoresetSource[] {
  const first = { versionId: record.versionId, offset: 0, nRows: recipeOf(record).plan.nRowsOfFile };
  const appended = edits.flatMap(({ edit }) => (edit as EditRequest).appended ?? []);
  return [first, ...appended.map(({ versionId, offset, nRows }) => ({ versionId, offset, nRows }))];
}

/** Reads raw rows as rows of the tree, whichever version they are in. */
export function lookupOf(sources: readonly PlacedSource[], plan: VersionPlan): RowLookup {
  const preprocessor = new Preprocessor(plan.preprocessor);
  return async (rowIds) => {
    const { table, rowIds: found } = await readRows(sources, requestsOf(plan), rowIds);
    return toChunk(table, found, plan, preprocessor);
  };
}

/** Raw rows by id; ids that no version has are left out. */
export async function readRows(
  sources: readonly PlacedSource[],
  columns: readonly ColumnRequest[],
  rowIds: Iterable<number>,
): Promise<{ table: Table; rowIds: Uint32Array }> {
  const ids = [...rowIds];
  const tables: Table[] = [];
  const found: number[] = [];
  for (const { file, offset, nRows } of sources) {
    const own = ids.filter((id) => id >= offset && id < offset + nRows).map((id) => id - offset);
    if (own.length === 0) continue;
    const part = await readTableRows(file, columns, own);
    tables.push(part.table);
    for (const id of part.rowIds) found.push(id + offset);
  }
  // A table of no rows still has its columns.
  const table = tables.length > 0 ? joined(tables) : (await readTableRows(sources[0]!.file, columns, [])).table;
  return { table, rowIds: Uint32Array.from(found) };
}

function joined(tables: readonly Table[]): Table {
  if (tables.length === 1) return tables[0]!;
  const columns = tables[0]!.columns.map((first, c): Column => {
    const parts = tables.map((table) => table.columns[c]!);
    if (first.kind === 'number') {
      const values = parts.flatMap((part) => (part.kind === 'number' ? [...part.values] : []));
      return { ...first, values: Float64Array.from(values) };
    }
    const texts = parts.flatMap((part) =>
      part.kind === 'category' ? [...part.codes].map((code) => (code < 0 ? null : part.levels[code]!)) : [],
    );
    return categoryOf(first.name, texts);
  });
  return { nRows: tables.reduce((sum, { nRows }) => sum + nRows, 0), columns };
}

/** Cells by row id in the order asked for, columns of the first version. */
export async function readSourceCells(
  sources: readonly PlacedSource[],
  rowIds: readonly number[],
): Promise<{ columns: string[]; rows: Cell[][] }> {
  const [first] = sources;
  const { columns } = await readCells(first!.file, []);
  const rows: Cell[][] = rowIds.map(() => columns.map(() => null));
  for (const { file, offset, nRows } of sources) {
    const at = [...rowIds.keys()].filter((i) => rowIds[i]! >= offset && rowIds[i]! < offset + nRows);
    if (at.length === 0) continue;
    const own = await readCells(
      file,
      at.map((i) => rowIds[i]! - offset),
    );
    const place = columns.map((name) => own.columns.indexOf(name));
    at.forEach((i, k) => (rows[i] = place.map((c) => (c < 0 ? null : own.rows[k]![c]!))));
  }
  return { columns, rows };
}

/** The rows of a leaf's stretch, as the versions have them. */
export function rowsOfLeaf(sources: readonly PlacedSource[], plan: VersionPlan): (leaf: Leaf) => AsyncIterable<Chunk> {
  return async function* (leaf) {
    for (const { file, offset, nRows } of sources) {
      if (leaf.lastRowId < offset || leaf.firstRowId >= offset + nRows) continue;
      yield* streamChunks(file, offset, plan, leaf);
    }
  };
}
