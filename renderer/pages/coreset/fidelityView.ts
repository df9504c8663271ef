import type { FidelityCurve } from '../../../main/contract/coreset.ts';
import type { FidelitySeries } from '../../charts/fidelitySeries.ts';
import { inReadingOrder, metricName } from '../../charts/metricNames.ts';

/** What the fidelity chart can show: the excess loss, and the gap of each metric. */
export function fidelityMeasures(curve: FidelityCurve): { key: string; label: string }[] {
  const metrics = inReadingOrder([...new Set(curve.points.flatMap((p) => Object.keys(p.gaps)))]);
  const hasExcess = curve.points.some((p) => Number.isFinite(p.excessLoss.median));
  return [
    ...(hasExcess ? [{ key: EXCESS, label: 'Excess loss' }] : []),
    ...metrics.slice(0, 4).map((m) => ({ key: m, label: metricName(m).label })),
  ];
}

export const EXCESS = 'excessLoss';

/** Points of one measure by kind of sample. */
export function fidelitySeries(curve: FidelityCurve, measure: string): FidelitySeries[] {
  const kinds = ['coreset', 'uniform', 'stratified'] as const;
  return kinds.flatMap((sample) => {
    const points = curve.points.flatMap((p) => {
      const band = measure === EXCESS ? p.excessLoss : p.gaps[measure];
      return p.sample === sample && band ? [{ size: p.size, ...band, nDraws: p.nDraws }] : [];
    });
    return points.length > 0 ? [{ sample, points }] : [];
  });
}

/** Median gap of the coreset at the size nearest to `size`. */
export function gapAt(
  curve: FidelityCurve,
  measure: string,
  sample: 'coreset' | 'uniform' | 'stratified',
  size: number,
): number | null {
  const points = fidelitySeries(curve, measure).find((s) => s.sample === sample)?.points ?? [];
  const nearest = points.reduce<(typeof points)[number] | null>(
    (b, p) => (b === null || Math.abs(p.size - size) < Math.abs(b.size - size) ? p : b),
    null,
  );
  return nearest?.median ?? null;
}
