/** A 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Rows that count: (Σw)² / Σw² (Kish 1965); those that there are where every weight is one. */
export const effectiveRows = (sum: number, sumOfSquares: number): number =>
  sumOfSquares > 0 ? (sum * sum) / sumOfSquares : 0;

/** The interval, wide enough to hold the value itself. */
export const around = (value: number, { low, high }: Interval): Interval => ({
  low: Math.min(value, low),
  high: Math.max(value, high),
});
