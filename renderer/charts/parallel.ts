import { extent, linearScale, logScale, type Scale } from './scales.ts';

export interface ParallelAxis {
  readonly name: string;
  readonly kind: 'linear' | 'log' | 'category';
  readonly scale: Scale;
  /** Labels at their pixel positions. */
  readonly ticks: readonly { readonly label: string; readonly y: number }[];
  /** Pixel of a value; null when it has none on this axis. */
  place(value: unknown): number | null;
}

/**
 * An axis for the values of one parameter: a log scale for positive numbers over more than two decades,
 * a list of categories when any value is not a number.
 */
export function parallelAxis(
  name: string,
  values: readonly unknown[],
  top: number,
  bottom: number,
  format: (v: number) => string,
): ParallelAxis {
  const present = values.filter((v) => v !== null && v !== undefined);
  const numbers = present.filter((v): v is number => typeof v === 'number' && Number.isFinite(v));
  if (numbers.length === present.length && numbers.length > 0) {
    const [min, max] = extent(numbers)!;
    const isLog = min > 0 && max / min > 99;
    const scale = isLog ? logScale([min, max], [bottom, top]) : linearScale([min, max], [bottom, top]);
    const distinct = [...new Set(numbers)].sort((a, b) => a - b);
    const shown = distinct.length <= 6 ? distinct : scale.ticks;
    return {
      name,
      kind: isLog ? 'log' : 'linear',
      scale,
      ticks: shown.map((t) => ({ label: format(t), y: scale.toPixel(t) })),
      place: (v) => (typeof v === 'number' && Number.isFinite(v) ? scale.toPixel(v) : null),
    };
  }
  const labels = [...new Set(values.map(categoryOf))].sort();
  const scale = linearScale([0, Math.max(1, labels.length - 1)], [bottom, top]);
  const y = (label: string) => (labels.length === 1 ? (top + bottom) / 2 : scale.toPixel(labels.indexOf(label)));
  return {
    name,
    kind: 'category',
    scale,
    ticks: labels.map((label) => ({ label, y: y(label) })),
    place: (v) => y(categoryOf(v)),
  };
}

function categoryOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
