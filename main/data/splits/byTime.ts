import { AppError } from '../../contract/errors.ts';
import { farFromWanted, rowsText, type Dealt, type Wanted } from './parts.ts';

/**
 * The last rows for the test, those before for validation. Rows of one time are never on both sides: a border that lies
 * among them moves to the nearest place between two times. Rows without a time come first, into training.
 * Throws AppError SPLIT_ONE_TIME where no such place is left.
 * @param times of each row, NaN where missing; undefined: file order
 */
export function dealByTime(n: number, times: ArrayLike<number> | undefined, wanted: Wanted, column: string): Dealt {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const timeOf = (i: number) => (Number.isNaN(times![i]) ? -Infinity : times![i]!);
  // A stable sort: rows of one time keep file order.
  if (times) order.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
  const isBorder = (at: number) => !times || timeOf(order[at]!) !== timeOf(order[at - 1]!);
  const testFrom = wanted.test === 0 ? n : border(n - wanted.test, 2, n - 1, isBorder);
  const from = testFrom === undefined ? undefined : border(testFrom - wanted.validation, 1, testFrom - 1, isBorder);
  if (testFrom === undefined || from === undefined) throw tooFewTimes(n, times!, wanted, column);
  const parts = {
    train: order.subarray(0, from),
    validation: order.subarray(from, testFrom),
    test: order.subarray(testFrom),
  };
  const isMoved = parts.validation.length !== wanted.validation || parts.test.length !== wanted.test;
  const by = times ? column : 'file order';
  const held = wanted.test === 0 ? '' : `, the ${rowsText(parts.test.length)} after them for the test`;
  const moved = `Rows of the same ${column} stay on one side, so the border moved from ${heldOut(wanted)} to ${heldOut({ validation: parts.validation.length, test: parts.test.length })}.`;
  const nMissing = times ? order.reduce((sum, i) => sum + Number(Number.isNaN(times[i])), 0) : 0;
  const missing = `${rowsText(nMissing)} without a ${column} ${nMissing === 1 ? 'is' : 'are'} trained on and never scored: whether they lie before the others is not known.`;
  return {
    parts,
    note: `The last ${rowsText(parts.validation.length)} by ${by} are for validation${held}.${isMoved ? ` ${moved}` : ''}`,
    warnings: [...(nMissing > 0 ? [missing] : []), ...farFromWanted(parts, wanted, n)],
  };
}

const heldOut = ({ validation, test }: Wanted): string =>
  test === 0 ? rowsText(validation) : `${validation.toLocaleString('en-US')} + ${rowsText(test)}`;

/** The place in [least, most] nearest to `at` where two times meet; the earlier of two, so that more is held out. */
function border(at: number, least: number, most: number, isBorder: (at: number) => boolean): number | undefined {
  for (let off = 0; off <= Math.max(at - least, most - at); off++) {
    if (at - off >= least && at - off <= most && isBorder(at - off)) return at - off;
    if (at + off >= least && at + off <= most && isBorder(at + off)) return at + off;
  }
  return undefined;
}

function tooFewTimes(n: number, times: ArrayLike<number>, wanted: Wanted, column: string): AppError {
  const present = Array.from(times).filter((t) => !Number.isNaN(t));
  const nTimes = new Set(present).size;
  const nParts = wanted.test > 0 ? 3 : 2;
  return new AppError({
    code: 'SPLIT_ONE_TIME',
    message:
      nTimes === 0
        ? `split.time: none of the ${rowsText(n)} has a ${column}, so none comes after another.`
        : `split.time: ${column} has ${nTimes} ${nTimes === 1 ? 'value' : 'different values'}, too few to put ${nParts} parts one after another without parting rows of the same ${column}.`,
    fix: {
      kind: 'setOption',
      label: 'Split by file order (split.time: rowOrder), or at random',
      args: { 'split.time': null },
    },
  });
}
