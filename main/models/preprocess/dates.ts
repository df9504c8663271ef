/** Parts of a time besides its seconds. */
export type TimePart = 'value' | 'year' | 'month' | 'day' | 'weekday' | 'hour';

export const TIME_PARTS: readonly TimePart[] = ['value', 'year', 'month', 'day', 'weekday', 'hour'];

const DAY = 86_400;

/** Year, month 1–12, day 1–31, weekday 0 (Monday) – 6 or hour 0–23 of seconds since 1970 UTC; NaN stays NaN. */
export function timePart(seconds: number, part: TimePart): number {
  if (part === 'value' || Number.isNaN(seconds)) return seconds;
  if (part === 'hour') return Math.floor((seconds - Math.floor(seconds / DAY) * DAY) / 3600);
  const day = Math.floor(seconds / DAY);
  if (part === 'weekday') return day + 3 - Math.floor((day + 3) / 7) * 7;
  return dateOf(day)[part];
}

/** Date of a day number since 1970 (Hinnant's civil_from_days), in operations that ONNX has too. */
function dateOf(dayNumber: number): { year: number; month: number; day: number } {
  const z = dayNumber + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    // The algorithm's years start in March.
    year: yearOfEra + era * 400 + (fromMarch < 10 ? 0 : 1),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}
