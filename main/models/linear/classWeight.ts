import { AppError } from '../../contract/errors.ts';
import type { TargetInfo } from '../estimator.ts';

/** `balanced`: every class counts the same in total. A table: factor by class name (or index). null: rows count as they are. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>> | null;

/** Throws AppError PARAM_OUT_OF_RANGE for anything else. */
export function parseClassWeight(value: unknown): ClassWeight {
  if (value === null || value === undefined || value === 'balanced') return value ?? null;
  const isTable =
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((v) => typeof v === 'number' && v >= 0 && v < Infinity);
  if (isTable) return value as Record<string, number>;
  throw new AppError({
    code: 'PARAM_OUT_OF_RANGE',
    message: `classWeight must be null, "balanced" or a table of class and factor (≥ 0), got ${JSON.stringify(value)}.`,
    fix: { kind: 'setParam', label: 'Use "balanced"', args: { name: 'classWeight', value: 'balanced' } },
  });
}

/**
 * Sample weights times class weights, shape (n,); undefined when both are all ones. Balanced as in scikit-learn:
 * total weight / (number of classes · weight of the class).
 */
export function weightRows(
  y: Float64Array,
  sampleWeight: Float64Array | undefined,
  classWeight: ClassWeight,
  target: TargetInfo,
): Float64Array | undefined {
  return timesFactors(y, sampleWeight, classFactors(y, sampleWeight, classWeight, target));
}

/** What the weights of each class are multiplied by, learned from these rows; undefined when by nothing. */
export function classFactors(
  y: Float64Array,
  sampleWeight: Float64Array | undefined,
  classWeight: ClassWeight,
  target: TargetInfo,
): Float64Array | undefined {
  if (classWeight === null || target.task === 'regression') return undefined;
  const factors = new Float64Array(Math.max(2, target.nClasses)).fill(1);
  if (classWeight === 'balanced') {
    const counts = new Float64Array(factors.length);
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const s = sampleWeight?.[i] ?? 1;
      counts[y[i]!]! += s;
      total += s;
    }
    const nSeen = counts.reduce((sum, c) => sum + Number(c > 0), 0);
    counts.forEach((c, k) => (factors[k] = c > 0 ? total / (nSeen * c) : 1));
  } else {
    for (const [name, factor] of Object.entries(classWeight)) factors[indexOfClass(name, target)] = factor;
  }
  return factors;
}

export const timesFactors = (
  y: Float64Array,
  sampleWeight: Float64Array | undefined,
  factors: Float64Array | undefined,
): Float64Array | undefined =>
  factors ? Float64Array.from(y, (k, i) => factors[k]! * (sampleWeight?.[i] ?? 1)) : sampleWeight;

function indexOfClass(name: string, target: Exclude<TargetInfo, { task: 'regression' }>): number {
  const named = target.classNames?.indexOf(name) ?? -1;
  if (named >= 0) return named;
  const index = Number(name);
  if (!target.classNames && Number.isInteger(index) && index >= 0 && index < target.nClasses) return index;
  throw new AppError({
    code: 'PARAM_OUT_OF_RANGE',
    message: `classWeight names a class "${name}"; there are: ${target.classNames?.join(', ') ?? `0 … ${target.nClasses - 1}`}.`,
  });
}
