import type { PreprocessConfig } from '../../contract/config.ts';
import { timePart, type TimePart } from './dates.ts';
import { fitYeoJohnson, yeoJohnson } from './yeoJohnson.ts';

/** How one number column becomes features: filled, transformed, then shifted and scaled. */
export interface NumberPlan {
  readonly kind: 'number';
  readonly name: string;
  readonly part: TimePart;
  /** What takes the place of a missing or infinite value; NaN leaves it missing (models that take missing values). */
  readonly fill: number;
  /** λ of a Yeo–Johnson transform between filling and scaling; absent means none. */
  readonly power?: number;
  readonly offset: number;
  readonly scale: number;
  /** 0/1 "was missing" instead of the value. */
  readonly isIndicator: boolean;
}

/**
 * Learns fill, offset and scale of `values`, shape (n,). NaN and the infinities count as missing. Null when the feature is
 * constant.
 * @param ascending the values that are not missing, where they are known in order
 */
export function fitNumber(
  name: string,
  values: Float64Array,
  config: PreprocessConfig,
  keepMissing: boolean,
  part: NumberPlan['part'],
  ascending?: Float64Array,
): NumberPlan | null {
  // Nothing is learned of values that are taken as they are, so nothing is sorted.
  if (keepMissing) return isLeftOut(values, config) ? null : asItIs(name, part);
  const sorted = ascending ?? values.filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n === 0 || (sorted[0] === sorted[n - 1] && config.dropConstant)) return null;
  const fill = fillOf(sorted, config);
  const base = { kind: 'number', name, part, fill, isIndicator: false } as const;
  if (config.scale === 'none') return { ...base, offset: 0, scale: 1 };
  const nFilled = values.length - n;
  const power = config.scale === 'power' ? fitYeoJohnson(sorted, fill, nFilled) : undefined;
  const { offset, scale } =
    power === undefined
      ? scaling(sorted, fill, nFilled, config.scale)
      : scaling(
          // Still in order: the transform increases.
          sorted.map((v) => yeoJohnson(v, power)),
          yeoJohnson(fill, power),
          nFilled,
          'standard',
        );
  return {
    ...base,
    ...(power !== undefined && { power }),
    offset,
    scale: scale > 0 && Number.isFinite(scale) ? scale : 1,
  };
}

const asItIs = (name: string, part: TimePart): NumberPlan => ({
  kind: 'number',
  name,
  part,
  fill: NaN,
  isIndicator: false,
  offset: 0,
  scale: 1,
});

/** Whether a column whose gaps stay says nothing: no value at all, or one value in every row. */
function isLeftOut(values: Float64Array, { dropConstant }: PreprocessConfig): boolean {
  const first = values[0] ?? NaN;
  if (!Number.isFinite(first)) return !values.some(Number.isFinite);
  return dropConstant && values.every((v) => v === first);
}

/** The feature's value for a raw one (NaN or infinite where missing). */
export function numberValue({ part, fill, power, offset, scale, isIndicator }: NumberPlan, cell: number): number {
  const isMissing = !Number.isFinite(cell);
  if (isIndicator) return isMissing ? 1 : 0;
  const filled = isMissing ? fill : timePart(cell, part);
  return ((power === undefined ? filled : yeoJohnson(filled, power)) - offset) / scale;
}

const at = (sorted: Float64Array, q: number): number => {
  const position = q * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
};

function fillOf(sorted: Float64Array, config: PreprocessConfig): number {
  switch (config.impute) {
    case 'mean':
      return mean(sorted);
    case 'median':
      return at(sorted, 0.5);
    case 'constant':
      return config.imputeValue ?? 0;
    case 'mode':
      return modeOf(sorted);
  }
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

function modeOf(sorted: Float64Array): number {
  let best = sorted[0]!;
  let most = 0;
  let run = 0;
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > most) [best, most] = [sorted[i]!, run];
  }
  return best;
}

/** Offset and scale of the filled column. Standard deviations are over n, as in scikit-learn's StandardScaler. */
function scaling(
  sorted: Float64Array,
  fill: number,
  nFilled: number,
  how: PreprocessConfig['scale'],
): { offset: number; scale: number } {
  const low = nFilled > 0 ? Math.min(fill, sorted[0]!) : sorted[0]!;
  const high = nFilled > 0 ? Math.max(fill, sorted.at(-1)!) : sorted.at(-1)!;
  if (how === 'minMax') return { offset: low, scale: high - low };
  if (how === 'robust') return { offset: at(sorted, 0.5), scale: at(sorted, 0.75) - at(sorted, 0.25) };
  const n = sorted.length + nFilled;
  const center = (mean(sorted) * sorted.length + fill * nFilled) / n || 0;
  let squares = nFilled * (nFilled > 0 ? (fill - center) ** 2 : 0);
  for (const v of sorted) squares += (v - center) ** 2;
  return { offset: center, scale: Math.sqrt(squares / n) };
}
