import type { SplitConfig } from '../../contract/config.ts';
import { AppError, type Fix } from '../../contract/errors.ts';
import { rowsText, type Positions } from './parts.ts';

/** Classes named in a sentence; the others are counted. */
const MAX_NAMED = 5;

/**
 * Classes that a part lacks. A class that is scored but not trained on, or a single class to train on, is refused: AppError
 * SPLIT_TRAIN_LACKS_CLASS, TRAIN_ONE_CLASS. A class that is trained on but not scored is told: one warning for each part.
 * @param classes class index of each row that is split
 */
export function checkClasses(
  parts: Positions,
  classes: ArrayLike<number>,
  classNames: readonly string[] | undefined,
  config: SplitConfig,
): string[] {
  const count = (positions: ArrayLike<number>) => {
    const counts = new Map<number, number>();
    for (let i = 0; i < positions.length; i++) {
      const k = classes[positions[i]!]!;
      counts.set(k, (counts.get(k) ?? 0) + 1);
    }
    return counts;
  };
  const counts = { train: count(parts.train), validation: count(parts.validation), test: count(parts.test) };
  const name = (k: number) => `"${classNames?.[k] ?? k}"`;
  const list = (lacking: readonly number[], text: (k: number) => string) => {
    const more = lacking.length > MAX_NAMED ? ` and ${lacking.length - MAX_NAMED} more` : '';
    return `${lacking.slice(0, MAX_NAMED).map(text).join(', ')}${more}`;
  };
  if (counts.train.size < 2) {
    const only = [...counts.train.keys()][0];
    throw new AppError({
      code: 'TRAIN_ONE_CLASS',
      message: `The training rows hold one class only${only === undefined ? '' : `, ${name(only)}`}, so there is nothing to tell apart. ${remedy(config)}`,
      fix: fix(config),
    });
  }
  const scored = [...new Set([...counts.validation.keys(), ...counts.test.keys()])].toSorted((a, b) => a - b);
  const unlearned = scored.filter((k) => !counts.train.has(k));
  if (unlearned.length > 0) {
    const held = (k: number) =>
      `${name(k)} (0 to train on, ${counts.validation.get(k) ?? 0} for validation${parts.test.length > 0 ? `, ${counts.test.get(k) ?? 0} for the test` : ''})`;
    throw new AppError({
      code: 'SPLIT_TRAIN_LACKS_CLASS',
      message: `The training rows have no row of ${unlearned.length === 1 ? 'class' : 'classes'} ${list(unlearned, held)}, which is to be scored. ${remedy(config)}`,
      fix: fix(config),
    });
  }
  const warnings: string[] = [];
  for (const [part, title] of [
    ['validation', 'validation'],
    ['test', 'test'],
  ] as const) {
    if (parts[part].length === 0) continue;
    const lacking = [...counts.train.keys()].filter((k) => !counts[part].has(k)).toSorted((a, b) => a - b);
    if (lacking.length === 0) continue;
    const most = Math.max(...lacking.map((k) => counts.train.get(k)!));
    const trained = (k: number) => `${name(k)} (${rowsText(counts.train.get(k)!)} to train on)`;
    warnings.push(
      `The ${title} rows have no row of ${lacking.length === 1 ? 'class' : 'classes'} ${list(lacking, trained)}: ${lacking.length === 1 ? 'its' : 'their'} scores are undefined (–). ${scoreRemedy(config, most)}`,
    );
  }
  return warnings;
}

/** What gives the training rows the class they lack. */
function remedy(config: SplitConfig): string {
  if (config.time !== undefined)
    return 'It may come late only: hold out fewer rows (split.validation), or split at random if the order of time does not matter.';
  if (config.group !== undefined)
    return 'Its rows lie in few groups: try another split.seed, or split by another column.';
  return 'Set split.stratify: true, which leaves rows of every class to train on.';
}

/** What gives a held-out part the class it lacks. */
function scoreRemedy(config: SplitConfig, nRows: number): string {
  if (config.time !== undefined)
    return 'It may come early only: a larger split.validation would do, or scores of the other classes have to.';
  if (config.group !== undefined)
    return 'Its rows lie in few groups: another split.seed or a larger share may do, more groups of that class surely.';
  if (nRows < 2) return 'It takes two rows of a class to learn and to check it.';
  return config.stratify
    ? 'A larger share would do (split.validation, split.test).'
    : 'split.stratify: true or another split.seed would do.';
}

function fix(config: SplitConfig): Fix {
  if (config.time !== undefined)
    return { kind: 'setOption', label: 'Split at random instead', args: { 'split.time': null } };
  if (config.group !== undefined)
    return { kind: 'setOption', label: 'Use another seed', args: { 'split.seed': config.seed + 1 } };
  return { kind: 'setOption', label: 'Stratify the split', args: { 'split.stratify': true } };
}
