import { useMemo } from 'react';
import type { Evaluation } from '../../../main/contract/run.ts';
import { formatCount } from '../../charts/format.ts';
import { Histogram } from '../../charts/Histogram.tsx';
import { ScatterChart } from '../../charts/ScatterChart.tsx';
import { rowsWord } from './evaluation.ts';

/** Predicted against actual, and residuals. */
export function RegressionCharts({ evaluations, target }: { evaluations: readonly Evaluation[]; target: string }) {
  const subtitle = `validation · ${formatCount(evaluations[0]?.nValidation)} rows`;
  const points = useMemo(
    () =>
      // all rows first, so that the coreset's dots lie on top
      [...evaluations].reverse().flatMap((e) =>
        e.predictedActual
          ? [
              {
                name: rowsWord(e.rows),
                role: e.rows === 'full' ? ('full' as const) : ('coreset' as const),
                x: e.predictedActual.actual,
                y: e.predictedActual.predicted,
              },
            ]
          : [],
      ),
    [evaluations],
  );
  const residuals = useMemo(
    () =>
      evaluations.flatMap((e) =>
        e.residuals
          ? [
              {
                name: rowsWord(e.rows),
                role: e.rows === 'full' ? ('full' as const) : ('coreset' as const),
                edges: e.residuals.edges,
                counts: e.residuals.counts,
              },
            ]
          : [],
      ),
    [evaluations],
  );
  const nDrawn = points[0]?.x.length ?? 0;
  return (
    <div className="run-curves is-two">
      {points.length > 0 && (
        <ScatterChart
          title="Predicted against actual"
          subtitle={`${subtitle} · ${formatCount(nDrawn)} drawn`}
          groups={points}
          xLabel={`actual ${target}`}
          yLabel="predicted"
          hasDiagonal
          isStacked
        />
      )}
      {residuals.length > 0 && (
        <Histogram
          title="Residuals"
          subtitle={`${subtitle} · actual minus predicted`}
          groups={residuals}
          xLabel={`error in ${target}`}
          height={260}
          isStacked
        />
      )}
    </div>
  );
}
