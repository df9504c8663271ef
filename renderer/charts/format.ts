import type { MetricValue } from '../../main/contract/run.ts';

/** Numbers as people read them: tabular, thousands separated, a true minus sign (U+2212). */

const MINUS = '−';
const NO_VALUE = '–';

/** Said in place of an interval that would say nothing; null where there is none for another reason. */
export function tooFew(interval: MetricValue['interval']): string | null {
  if (interval === undefined) return null;
  return interval === 'tooFewRows' ? 'too few rows' : 'too few groups';
}

function withMinus(text: string): string {
  return text.replace(/-/g, MINUS);
}

/** `1234567` → `1,234,567`. */
export function formatCount(n: number | null | undefined): string {
  if (n == null || !Number.isFinite(n)) return NO_VALUE;
  return withMinus(Math.round(n).toLocaleString('en-US'));
}

/** A measured value with about four significant digits: `0.9071`, `12.35`, `48,842`, `3.1e−5`. */
export function formatValue(value: number | null | undefined, digits = 4): string {
  if (value == null || Number.isNaN(value)) return NO_VALUE;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4) return withMinus(value.toExponential(Math.max(0, digits - 3)));
  if (size < 1) return withMinus(value.toFixed(digits));
  if (size >= 1e15) return withMinus(value.toExponential(2));
  const decimals = Math.max(0, digits - Math.floor(Math.log10(size)) - 1);
  return withMinus(
    value.toLocaleString('en-US', {
      minimumFractionDigits: Number.isInteger(value) ? 0 : decimals,
      maximumFractionDigits: decimals,
    }),
  );
}

/** The two ends of an interval: `0.772 to 0.898`; an end that is nothing beside the other has its decimals. */
export function formatInterval(low: number, high: number, digits = 4): string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const end = (value: number) =>
    value !== 0 && Math.abs(value) < 1e-4 && size >= 1e-3
      ? withMinus(value.toFixed(digits))
      : formatValue(value, digits);
  return `${end(low)} to ${end(high)}`;
}

/** Values that stand below each other, with as many decimals as the largest has with three digits behind its first. */
export function formatAligned(values: readonly number[], isSigned = false): (value: number) => string {
  const largest = Math.max(...values.map((v) => Math.abs(v)).filter(Number.isFinite), 0);
  const decimals = largest === 0 ? 0 : Math.max(0, Math.min(12, 3 - Math.floor(Math.log10(largest))));
  const isPlain = values.every(Number.isInteger);
  return (value) => {
    if (!Number.isFinite(value)) return formatValue(value);
    const text = Math.abs(value).toLocaleString('en-US', {
      minimumFractionDigits: isPlain ? 0 : decimals,
      maximumFractionDigits: isPlain ? 0 : decimals,
    });
    // What rounds to nothing has no sign.
    if (!/[1-9]/.test(text)) return text;
    return value < 0 ? `${MINUS}${text}` : isSigned ? `+${text}` : text;
  };
}

/** As `formatValue`, with its sign: `+0.0002`, `−0.0058`, `0`. */
export function formatSigned(value: number | null | undefined, digits = 4): string {
  if (value == null || Number.isNaN(value)) return NO_VALUE;
  const text = formatValue(value, digits);
  return value > 0 ? `+${text}` : text;
}

/** A share in [0, 1] as a percentage with two significant digits: `24 %`, `0.020 %`. */
export function formatShare(share: number | null | undefined, digits = 2): string {
  if (share == null || !Number.isFinite(share)) return NO_VALUE;
  const percent = share * 100;
  if (percent === 0) return '0 %';
  const size = Math.abs(percent);
  if (size >= 10) return `${withMinus(percent.toFixed(size < 99.95 || size >= 100 ? 0 : 2))} %`;
  if (size < 1e-4) return `${percent < 0 ? MINUS : ''}< 0.0001 %`;
  return `${withMinus(percent.toPrecision(digits))} %`;
}

/** A share as a tick label, without padding: `1,000 %`, `10 %`, `0.1 %`. */
export function formatShareTick(share: number): string {
  return `${withMinus(Number((share * 100).toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 20 }))} %`;
}

/** `820` → `820 ms`, `1530` → `1.5 s`, `166000` → `2 min 46 s`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return NO_VALUE;
  if (ms < 1) return '< 1 ms';
  if (ms < 995) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `1536` → `1.5 kB` (powers of 1,000, as file managers show). */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null || !Number.isFinite(bytes)) return NO_VALUE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let k = 0;
  while (value >= 999.5 && k < units.length - 1) {
    value /= 1000;
    k++;
  }
  return `${k === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${units[k]}`;
}

/** Anything a parameter can be, on one line. */
export function formatParam(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  // Typed back into files, so no separators and no padding: 0.32, 10000.
  if (typeof value === 'number')
    return withMinus(String(Number.isInteger(value) ? value : Number(value.toPrecision(4))));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}
