import type { Column } from '../../kernels/table.ts';
import { addColumn, isSameRow, rowHashes } from './rowHash.ts';

export interface Copies {
  /** Validation rows that some training row equals in every input column: positions in the validation rows, ascending. */
  readonly positions: Uint32Array;
  /** Of these, the share that chance does not explain; from 0 to 1. */
  readonly unexplained: number;
}

/** Copies whose near twins are counted. */
const MAX_ASKED = 1000;
/** A copy is put down to chance from this many near twins for each twin on. */
const NEAR_TWINS = 0.5;
/**
 * What more of the training rows hold than this share, and this number, may be common rather than copied: then hardly any
 * near twins are allowed, and none of it counts in a table where most rows are so.
 */
const COMMON = { share: 0.02, rows: 20, nearTwins: 0.01, most: 0.5 };
/** Copies of fewer validation rows than this share, and this number, are not told. */
const LEAST = { share: 0.01, rows: 5 };

/** Takes time in proportion to the cells; equal rows are found by hash and then compared. */
export function findCopies(columns: readonly Column[], train: Uint32Array, validation: Uint32Array): Copies {
  const none = { positions: new Uint32Array(), unexplained: 0 };
  if (columns.length === 0) return none;
  const known = new Lookup(rowHashes(columns, validation));
  let row = 0;
  const isSame = (k: number) => isSameRow(columns, row, validation[k]!);
  // Validation rows that equal each other are looked up as the first of them.
  const first = new Int32Array(validation.length);
  for (let k = 0; k < validation.length; k++) {
    row = validation[k]!;
    first[k] = known.addUnless(k, isSame);
  }
  const hashes = rowHashes(columns, train);
  const nTwins = new Uint32Array(validation.length);
  for (let k = 0; k < train.length; k++) {
    row = train[k]!;
    const twin = known.find(hashes[k]!, isSame);
    if (twin >= 0) nTwins[twin]!++;
  }
  const positions = Uint32Array.from(validation.keys()).filter((k) => nTwins[first[k]!]! > 0);
  if (positions.length < Math.max(LEAST.rows, LEAST.share * validation.length)) return none;
  const nAsked = Math.min(MAX_ASKED, positions.length);
  const asked = Uint32Array.from({ length: nAsked }, (_, i) => positions[Math.floor((i * positions.length) / nAsked)]!);
  const rows = asked.map((k) => validation[k]!);
  const twins = Uint32Array.from(asked, (k) => nTwins[first[k]!]!);
  const common = Math.max(COMMON.rows, COMMON.share * train.length);
  const nCommon = positions.reduce((n, k) => n + Number(nTwins[first[k]!]! > common), 0);
  const ofCommon = nCommon < COMMON.most * validation.length ? COMMON.nearTwins : 0;
  const near = nearTwins(columns, train, hashes, rows, twins);
  const unexplained = twins.filter((n, k) => near[k]! < (n > common ? ofCommon : NEAR_TWINS) * n);
  return { positions, unexplained: unexplained.length / nAsked };
}

/**
 * Training rows that differ from each of `rows` in exactly one column. Where cases are alike by chance, many more are alike
 * but for one column; where one was recorded twice, hardly any is. Unlike counts on shuffled columns this tells them apart
 * also where columns go together.
 * @param hashes of the training rows  @param twins training rows that equal each of `rows`
 */
function nearTwins(
  columns: readonly Column[],
  train: Uint32Array,
  hashes: Int32Array,
  rows: Uint32Array,
  twins: Uint32Array,
): Float64Array {
  const whole = rowHashes(columns, rows);
  const near = new Float64Array(rows.length);
  for (const [j, column] of columns.entries()) {
    const own = whole.slice();
    addColumn(own, column, j, rows, -1);
    const known = new Lookup(own);
    const first = Int32Array.from(rows, (_, k) => known.addUnless(k, anyOf));
    const others = hashes.slice();
    addColumn(others, column, j, train, -1);
    const alike = new Uint32Array(rows.length);
    for (let k = 0; k < others.length; k++) {
      const at = known.find(others[k]!, anyOf);
      if (at >= 0) alike[at]!++;
    }
    for (let k = 0; k < rows.length; k++) near[k]! += alike[first[k]!]! - twins[k]!;
  }
  return near;
}

/** Near twins are told by hash alone: a few more or less change nothing. */
const anyOf = (): boolean => true;

/** Positions by their hashes: open addressing. */
class Lookup {
  private readonly hashes: Int32Array;
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(hashes: Int32Array) {
    this.hashes = hashes;
    this.mask = 2 ** Math.ceil(Math.log2(2 * hashes.length + 2)) - 1;
    this.slots = new Int32Array(this.mask + 1).fill(-1);
  }

  /** The position of this hash that `isEqual`; -1 where there is none. */
  find(hash: number, isEqual: (position: number) => boolean): number {
    return this.slots[this.slotOf(hash, isEqual)]!;
  }

  /** Adds position `k`, unless there is one of its hash that `isEqual`; the position that is there now. */
  addUnless(k: number, isEqual: (position: number) => boolean): number {
    const slot = this.slotOf(this.hashes[k]!, isEqual);
    if (this.slots[slot] === -1) this.slots[slot] = k;
    return this.slots[slot]!;
  }

  private slotOf(hash: number, isEqual: (position: number) => boolean): number {
    let slot = hash & this.mask;
    for (let at = this.slots[slot]!; at !== -1; at = this.slots[slot]!) {
      if (this.hashes[at] === hash && isEqual(at)) return slot;
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }
}
