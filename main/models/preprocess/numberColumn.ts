import type { PreprocessConfig } from '../../contract/config.ts';

/** How one number column becomes features: filled, then shifted and scaled. */
export interface NumberPlan {
  readonly kind: 'number';
  readonly name: string;
  /** Parts of a time besides its seconds. */
  readonly part: 'value' | 'hour' | 'weekday' | 'month';
  /** What takes the place of a missing value; NaN leaves it missing (models that take missing values). */
  readonly fill: number;
  readonly offset: number;
  readonly scale: number;
  /** 0/1 "was missing" instead of the value. */
  readonly isIndicator: boolean;
}

/** Learns fill, offset and scale of `values`, shape (n,), NaN where missing. Null when the feature is constant. */
export function fitNumber(
  name: string,
  values: Float64Array,
  config: PreprocessConfig,
  keepMissing: boolean,
  part: NumberPlan['part'],
): NumberPlan | null {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  const n = sorted.length;
  if (n === 0) return null;
  const isConstant = sorted[0] === sorted[n - 1] && (n === values.length || !keepMissing);
  if (isConstant && config.dropConstant) return null;
  const fill = keepMissing ? NaN : fillOf(sorted, config);
  const base = { kind: 'number', name, part, fill, isIndicator: false } as const;
  if (keepMissing || config.scale === 'none') return { ...base, offset: 0, scale: 1 };
  const nFilled = values.length - n;
  const { offset, scale } = scaling(sorted, fill, nFilled, config.scale);
  return { ...base, offset, scale: scale > 0 && Number.isFinite(scale) ? scale : 1 };
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

const DAY = 86_400;

/** Hour 0–23, weekday 0 (Monday) – 6 or month 1–12 of seconds since 1970 UTC; NaN stays NaN. */
export function timePart(seconds: number, part: NumberPlan['part']): number {
  if (part === 'value' || Number.isNaN(seconds)) return seconds;
  if (part === 'hour') return Math.floor((seconds - Math.floor(seconds / DAY) * DAY) / 3600);
  const day = Math.floor(seconds / DAY);
  if (part === 'weekday') return day + 3 - Math.floor((day + 3) / 7) * 7;
  return monthOf(day);
}

/** Month of a day number since 1970 (Hinnant's civil_from_days), in operations that ONNX has too. */
function monthOf(day: number): number {
  const z = day + 719_468;
  const dayOfEra = z - Math.floor(z / 146_097) * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
}
