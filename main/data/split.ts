import type { SplitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { createRng } from '../kernels/rng.ts';
import { dealAtRandom } from './splits/atRandom.ts';
import { dealByGroup } from './splits/byGroup.ts';
import { dealByTime } from './splits/byTime.ts';
import { checkClasses } from './splits/classCheck.ts';
import { rowsText, type Dealt, type Wanted } from './splits/parts.ts';

export interface Split {
  /** Row numbers of the version, ascending. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** One or two sentences on how it was made. */
  readonly note: string;
  /** What a person should know about the parts: classes they lack, sizes far from the wanted, rows without a time. */
  readonly warnings: readonly string[];
}

export interface SplitInput {
  /** Rows that may be used (those with a target), ascending. */
  readonly rows: Uint32Array;
  /** Class of each of `rows`: parts are checked for classes they lack, and a stratified split keeps their shares. */
  readonly classes?: ArrayLike<number>;
  readonly classNames?: readonly string[];
  /** Group code of each of `rows`, when `split.group` is set; -1 is a group of its own. */
  readonly groups?: ArrayLike<number>;
  /** Time of each of `rows`, when `split.time` names a column; NaN where missing. */
  readonly times?: ArrayLike<number>;
}

/**
 * Parts by the configuration: by time, by group, or at random (stratified by class), all determined by the seed.
 * Throws AppError where a part would be empty, or could not be learned or scored: SPLIT_TOO_SMALL, SPLIT_EMPTY,
 * SPLIT_ONE_TIME, SPLIT_ONE_GROUP, SPLIT_TRAIN_LACKS_CLASS, TRAIN_ONE_CLASS.
 */
export function splitRows(input: SplitInput, config: SplitConfig): Split {
  const { rows, classes } = input;
  const n = rows.length;
  const wanted: Wanted = { validation: partSize(config.validation, n), test: partSize(config.test, n) };
  refuseSizes(wanted, n, config);
  const dealt = deal(input, config, wanted);
  const { parts } = dealt;
  if (parts.train.length === 0 || parts.validation.length === 0 || (wanted.test > 0 && parts.test.length === 0)) {
    const empty =
      parts.train.length === 0 ? 'to train on' : parts.validation.length === 0 ? 'for validation' : 'for the test';
    throw new AppError({
      code: 'SPLIT_EMPTY',
      message: `Split so, no row is left ${empty}: every class has too few of the ${rowsText(n)} for its share. Use a larger share, or split.stratify: false.`,
      fix: { kind: 'setOption', label: 'Do not stratify', args: { 'split.stratify': false } },
    });
  }
  const warnings = classes ? checkClasses(parts, classes, input.classNames, config) : [];
  const rowsOf = (positions: ArrayLike<number>) => Uint32Array.from(positions, (i) => rows[i]!).sort();
  return {
    train: rowsOf(parts.train),
    validation: rowsOf(parts.validation),
    test: rowsOf(parts.test),
    note: dealt.note,
    warnings: [...dealt.warnings, ...warnings],
  };
}

function deal({ rows, classes, groups, times }: SplitInput, config: SplitConfig, wanted: Wanted): Dealt {
  if (config.time !== undefined) return dealByTime(rows.length, times, wanted, config.time);
  const rng = createRng(config.seed).fork('split');
  const strata = config.stratify ? classes : undefined;
  if (groups) return dealByGroup(groups, strata, wanted, config.group ?? 'group', rng);
  return dealAtRandom(rows.length, strata, wanted, rng);
}

const partSize = (part: number, n: number): number => (part < 1 ? Math.round(part * n) : Math.min(n, Math.round(part)));

function refuseSizes({ validation, test }: Wanted, n: number, config: SplitConfig): void {
  if (n - validation - test < 2) {
    throw new AppError({
      code: 'SPLIT_TOO_SMALL',
      message: `${rowsText(n)} leave too few to train on after ${validation} for validation and ${test} for the test.`,
      fix: { kind: 'useOption', label: `Use a smaller share for ${test > validation ? 'the test' : 'validation'}` },
    });
  }
  const empty = validation < 1 ? 'validation' : config.test > 0 && test < 1 ? 'test' : null;
  if (empty === null) return;
  throw new AppError({
    code: 'SPLIT_TOO_SMALL',
    message: `split.${empty}: ${config[empty]} of ${rowsText(n)} is no row at all. ${n >= 4 ? 'A larger share, or a number of rows, would do.' : 'More rows are needed.'}`,
    fix: { kind: 'useOption', label: `Use a larger share for split.${empty}` },
  });
}
