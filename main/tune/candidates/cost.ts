/** Seconds of one fit, measured at a number of rows. */
export interface Measured {
  readonly nRows: number;
  readonly seconds: number;
}

/**
 * Seconds of a fit by its rows, from measurements at two or more numbers of rows: a + b · nRows^growth through the two
 * that surround it, or the two nearest. Where noise makes the larger of them the faster, all of its time is taken to
 * grow: rather too much than too little.
 */
export function costModel(measured: readonly Measured[], growth: number): (nRows: number) => number {
  const points = measured.toSorted((a, b) => a.nRows - b.nRows);
  return (nRows) => {
    const above = points.findIndex((point) => point.nRows >= nRows);
    const at = Math.max(1, above < 0 ? points.length - 1 : above);
    const large = points[at] ?? points[0]!;
    const small = points[at - 1]!;
    const [s, l] = [small.nRows ** growth, large.nRows ** growth];
    const slope = (large.seconds - small.seconds) / (l - s);
    const b = l > s && slope > 0 ? slope : large.seconds / l;
    return Math.max(0, large.seconds - b * l) + b * nRows ** growth;
  };
}
