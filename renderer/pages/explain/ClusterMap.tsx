import { useMemo } from 'react';
import type { ClustersAnswer } from '../../../main/contract/explain.ts';
import { formatCount } from '../../charts/format.ts';
import { ScatterChart } from '../../charts/ScatterChart.tsx';
import { classColour } from '../../charts/theme.ts';

/** Rows on the two directions along which they differ most, coloured by cluster. */
export function ClusterMap({
  points,
  labels,
}: {
  points: NonNullable<ClustersAnswer['map']>;
  labels: readonly string[];
}) {
  const groups = useMemo(() => {
    const names = labels.length > 0 ? labels : ['rows'];
    return names.map((name, c) => {
      const own = points.filter((p) => labels.length === 0 || p.cluster === c);
      return {
        name,
        role: 'neutral' as const,
        x: own.map((p) => p.x),
        y: own.map((p) => p.y),
        ...(labels.length > 0 && { colour: classColour(c) }),
      };
    });
  }, [points, labels]);
  return (
    <ScatterChart
      title="Map of the rows"
      subtitle={
        <>
          {formatCount(points.length)} training rows on their first two components
          {labels.length > 0 &&
            labels.map((label, c) => (
              <span key={label} className="explain-key">
                <i style={{ background: classColour(c) }} aria-hidden />
                {label}
              </span>
            ))}
        </>
      }
      groups={groups}
      xLabel="component 1"
      yLabel="component 2"
      height={300}
    />
  );
}
