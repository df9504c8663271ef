import { createHash } from 'node:crypto';

/** SHA-256 of row numbers in ascending order, hex: two splits with the same hash keep back the same rows. */
export function rowsHash(rows: Uint32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength))
    .digest('hex');
}

/** What the record of a run says about its test rows; nothing where it has none. */
export const recordedTestRows = (test: Uint32Array): { testRowsHash?: string } =>
  test.length === 0 ? {} : { testRowsHash: rowsHash(test) };

/** The end of the sentence on a split: how many rows are kept back. */
export const toldTestRows = (test: Uint32Array): string =>
  test.length === 0 ? '' : ` ${test.length.toLocaleString('en-US')} test rows are kept back.`;
