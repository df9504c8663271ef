/**
 * Rows below which an interval says nothing and "too few rows" is said instead. The intervals would hold (94 % and more
 * down to one row of a class); but average precision from five positives has a median width of 0.6.
 */
export const MIN_ROWS = {
  /** Of the smaller class. */
  rocAuc: 5,
  averagePrecision: 10,
  f1: 10,
  /** Of every class, and said of every class, for plain means over more than two: what one leaves open is shared by all. */
  mean: 5,
  /** Of all, for means over rows. */
  rows: 10,
} as const;

/** Groups (subjects, stretches of time) below which "too few groups" is said. */
export const MIN_GROUPS = {
  all: 5,
  /** With rows of the rarest class, counted by their rows, for scores of classes. */
  ofClass: 3,
} as const;
