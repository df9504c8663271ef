import type { FidelityCurve } from '../../../main/contract/coreset.ts';
import type { FidelitySeries } from '../../charts/fidelitySeries.ts';
import { formatCount } from '../../charts/format.ts';
import { inReadingOrder, metricName } from '../../charts/metricNames.ts';

/** What the fidelity chart can show: the excess loss, and the gap of each metric. */
export function fidelityMeasures(curve: FidelityCurve): { key: string; label: string }[] {
  const metrics = inReadingOrder([...new Set(curve.points.flatMap((p) => Object.keys(p.gaps)))]);
  const hasExcess = curve.points.some((p) => Number.isFinite(p.excessLoss.median));
  return [
    ...(hasExcess ? [{ key: EXCESS, label: excessLabel(curve) }] : []),
    ...metrics.slice(0, 4).map((m) => ({ key: m, label: metricName(m).label })),
  ];
}

export const EXCESS = 'excessLoss';

export const KINDS = ['coreset', 'refreshed', 'uniform', 'stratified'] as const;
type Kind = (typeof KINDS)[number];

export const kindLabel = (kind: Kind): string =>
  kind === 'refreshed' ? 'Coreset, refreshed' : kind.charAt(0).toUpperCase() + kind.slice(1);

/** The loss a curve is about, as a button says it: a held-out log loss must not be confused with the metric itself. */
function excessLabel({ loss }: FidelityCurve): string {
  if (loss === undefined || loss.rows === 'training') return 'Excess loss';
  return `Excess ${loss.name}`;
}

/** What the vertical axis counts. */
export function measureTitle({ loss }: FidelityCurve, measure: string): string {
  if (measure !== EXCESS) return `${metricName(measure).label} − that of all rows`;
  return `${loss?.name ?? 'training loss'} above all rows`;
}

/** Which rows a measure was computed on. */
export function measuredOn({ loss, nValidation }: FidelityCurve, measure: string): string {
  if (measure === EXCESS && loss !== undefined && loss.rows === 'training')
    return `${formatCount(loss.nRows)} training rows`;
  if (measure === EXCESS && loss === undefined) return 'training rows';
  return `${formatCount(nValidation)} validation rows`;
}

/** Points of one measure by kind of sample. */
export function fidelitySeries(curve: FidelityCurve, measure: string): FidelitySeries[] {
  return KINDS.flatMap((sample) => {
    const points = curve.points.flatMap((p) => {
      const band = measure === EXCESS ? p.excessLoss : p.gaps[measure];
      return p.sample === sample && band ? [{ size: p.size, ...band, nDraws: p.nDraws }] : [];
    });
    return points.length > 0 ? [{ sample, points }] : [];
  });
}

/** The gap of a kind of sample at the measured size nearest to `size`. */
export function gapAt(
  curve: FidelityCurve,
  measure: string,
  sample: Kind,
  size: number,
): FidelitySeries['points'][number] | null {
  const points = fidelitySeries(curve, measure).find((s) => s.sample === sample)?.points ?? [];
  return points.reduce<(typeof points)[number] | null>(
    (b, p) => (b === null || Math.abs(p.size - size) < Math.abs(b.size - size) ? p : b),
    null,
  );
}
