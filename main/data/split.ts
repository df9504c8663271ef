import type { SplitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { createRng, shuffle, type Rng } from '../kernels/rng.ts';

export interface Split {
  /** Row numbers of the version, ascending. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** One sentence on how it was made. */
  readonly note: string;
}

export interface SplitInput {
  /** Rows that may be used (those with a target), ascending. */
  readonly rows: Uint32Array;
  /** Class of each of `rows`, for a stratified split. */
  readonly classes?: ArrayLike<number>;
  /** Group code of each of `rows`, when `split.group` is set; -1 is a group of its own. */
  readonly groups?: ArrayLike<number>;
  /** Time of each of `rows`, when `split.time` names a column. */
  readonly times?: ArrayLike<number>;
}

/** Parts by the configuration: by time, by group, or at random (stratified by class), all determined by the seed. */
export function splitRows(input: SplitInput, config: SplitConfig): Split {
  const n = input.rows.length;
  const nValidation = partSize(config.validation, n);
  const nTest = partSize(config.test, n);
  if (n - nValidation - nTest < 2 || nValidation < 1) {
    throw new AppError({
      code: 'SPLIT_TOO_SMALL',
      message: `${n} rows leave too few to train on after ${nValidation} for validation and ${nTest} for the test.`,
      fix: { kind: 'useOption', label: 'Use a smaller share for validation' },
    });
  }
  if (config.time !== undefined) return byTime(input, nValidation, nTest, config.time);
  const rng = createRng(config.seed).fork('split');
  if (input.groups) return byGroup(input.rows, input.groups, nValidation, nTest, rng);
  return atRandom(input.rows, config.stratify ? input.classes : undefined, nValidation / n, nTest / n, rng);
}

const partSize = (part: number, n: number): number => (part < 1 ? Math.round(part * n) : Math.min(n, Math.round(part)));

function byTime({ rows, times }: SplitInput, nValidation: number, nTest: number, column: string): Split {
  const order = Uint32Array.from(rows, (_, i) => i);
  // A stable sort: rows of one time keep file order; rows without a time come first, into training.
  if (times)
    order.sort(
      (a, b) =>
        (Number.isNaN(times[a]) ? -Infinity : times[a]!) - (Number.isNaN(times[b]) ? -Infinity : times[b]!) || a - b,
    );
  const at = (from: number, to: number) => Uint32Array.from(order.subarray(from, to), (i) => rows[i]!).sort();
  const n = rows.length;
  return {
    train: at(0, n - nValidation - nTest),
    validation: at(n - nValidation - nTest, n - nTest),
    test: at(n - nTest, n),
    note: `The last ${nValidation} rows by ${times ? column : 'file order'} are for validation.`,
  };
}

function byGroup(rows: Uint32Array, groups: ArrayLike<number>, nValidation: number, nTest: number, rng: Rng): Split {
  const members = new Map<number, number[]>();
  rows.forEach((row, i) => {
    const group = groups[i]! < 0 ? -2 - i : groups[i]!;
    const list = members.get(group);
    if (list) list.push(row);
    else members.set(group, [row]);
  });
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (const group of shuffle([...members.keys()], rng)) {
    const list = members.get(group)!;
    if (parts.validation.length < nValidation) parts.validation.push(...list);
    else if (parts.test.length < nTest) parts.test.push(...list);
    else parts.train.push(...list);
  }
  if (parts.train.length === 0)
    throw new AppError({
      code: 'SPLIT_ONE_GROUP',
      message: 'Too few groups: none is left to train on.',
      fix: { kind: 'useOption', label: 'Split without groups' },
    });
  return { ...sorted(parts), note: `${members.size} groups stay together; whole groups are for validation.` };
}

function atRandom(
  rows: Uint32Array,
  classes: ArrayLike<number> | undefined,
  validation: number,
  test: number,
  rng: Rng,
): Split {
  const strata = new Map<number, number[]>();
  rows.forEach((row, i) => {
    const key = classes ? classes[i]! : 0;
    const list = strata.get(key);
    if (list) list.push(row);
    else strata.set(key, [row]);
  });
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (const key of [...strata.keys()].toSorted((a, b) => a - b)) {
    const list = shuffle(strata.get(key)!, rng);
    // A class of one row is trained on: it could not be learned otherwise.
    const nValidation = list.length === 1 ? 0 : Math.round(list.length * validation);
    const nTest = Math.min(list.length - nValidation, Math.round(list.length * test));
    list.forEach((row, i) => {
      const part = i < nValidation ? 'validation' : i < nValidation + nTest ? 'test' : 'train';
      parts[part].push(row);
    });
  }
  return {
    ...sorted(parts),
    note: `Rows are split at random${classes ? ', with equal class shares in every part' : ''}.`,
  };
}

const sorted = (parts: { train: number[]; validation: number[]; test: number[] }) => ({
  train: Uint32Array.from(parts.train).sort(),
  validation: Uint32Array.from(parts.validation).sort(),
  test: Uint32Array.from(parts.test).sort(),
});
