import type { PreprocessConfig } from '../../contract/config.ts';
import type { CategoryColumn, Column, NumberColumn } from '../../kernels/table.ts';
import { countLevels, fitCategory } from './categoryColumn.ts';
import type { InputColumn } from './columnPlan.ts';
import { TIME_PARTS, timePart } from './dates.ts';
import { fitHash } from './hashColumn.ts';
import { planHashedText } from './hashedText.ts';
import { fitNumber, type NumberPlan } from './numberColumn.ts';
import type { RawPlan } from './plans.ts';
import { refuseCodes } from './limits.ts';
import { fitTargetColumn } from './targetColumn.ts';
import type { TrainingTarget } from './targetEncoding.ts';
import { fitText } from './textColumn.ts';

/** Texts with more levels than this, most of them once, are free text rather than categories. */
const FREE_TEXT_LEVELS = 100;

export interface ColumnFit {
  readonly config: PreprocessConfig;
  /** The model takes missing values and category codes as they are (trees). */
  readonly isNative: boolean;
  readonly target: TrainingTarget | undefined;
  /** See `FitOptions`. */
  readonly ascending?: ((name: string) => Float64Array) | undefined;
}

/** What becomes of one raw column: its plans, or why it is left out. */
export function fitColumn(input: InputColumn, column: Column, fit: ColumnFit): RawPlan[] | string {
  if (column.kind === 'number') return numberPlans(input, column, fit) ?? onlyOne(input.name);
  const wanted = fit.config.types[input.name];
  const nSeen = countSeen(column);
  const isText = wanted === 'text' || (nSeen > FREE_TEXT_LEVELS && nSeen > column.codes.length / 2);
  if (isText && wanted !== 'category') return textPlans(column, nSeen, fit.config);
  const plan = categoryPlan(column, fit);
  return plan ? [plan] : onlyOne(input.name);
}

/** Different things in the rows; missing is one. */
function countSeen(column: CategoryColumn): number {
  const { counts, nMissing } = countLevels(column);
  return counts.reduce((n, count) => n + Number(count > 0), 0) + Number(nMissing > 0);
}

const onlyOne = (name: string): string => `"${name}" has one value only in the training rows and is left out.`;

function textPlans(column: CategoryColumn, nSeen: number, config: PreprocessConfig): RawPlan[] | string {
  const { name } = column;
  if (config.text === 'hashedNgrams') return [planHashedText(name, config)];
  const words = config.text === 'tfidf' ? fitText(column, config) : null;
  return words
    ? [words]
    : `"${name}" is free text (${nSeen} different values) and is left out; preprocess.text: tfidf would use its words.`;
}

/** Models that take codes get codes, unless a way to do without levels is asked for. */
function categoryPlan(column: CategoryColumn, { config, isNative, target }: ColumnFit): RawPlan | null {
  if (config.encode === 'hashing') return fitHash(column, config);
  if (config.encode === 'target') {
    if (!target) throw new RangeError('target encoding is fitted with the targets of the training rows');
    return fitTargetColumn(column, target, config, isNative);
  }
  const plan = fitCategory(column, config, isNative);
  if (plan && isNative) refuseCodes(plan);
  return plan;
}

function numberPlans(
  { name, type }: InputColumn,
  { values }: NumberColumn,
  { config, isNative, ascending }: ColumnFit,
): NumberPlan[] | null {
  const parts = type === 'time' && config.dates ? TIME_PARTS : (['value'] as const);
  const plans = parts.flatMap((part) => {
    const of = part === 'value' ? values : values.map((v) => timePart(v, part));
    const known = part === 'value' && !isNative ? ascending?.(name) : undefined;
    return fitNumber(name, of, config, isNative, part, known) ?? [];
  });
  if (config.missingIndicator && !values.every(Number.isFinite) && !isNative)
    plans.push({ kind: 'number', name, part: 'value', fill: 0, offset: 0, scale: 1, isIndicator: true });
  return plans.length === 0 ? null : plans;
}
