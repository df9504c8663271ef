import { useMemo } from 'react';
import { Heat } from '../../charts/Heat.tsx';
import { LineChart } from '../../charts/LineChart.tsx';
import { humanise, metricName } from '../../charts/metricNames.ts';
import type { Series } from '../../charts/series.ts';
import { seriesOf, type SeriesMap } from './seriesStore.ts';

export interface LiveChartsProps {
  readonly series: SeriesMap;
  readonly title: string;
  readonly subtitle: string;
}

/** A layer whose gradients are this many times smaller than the largest hardly learns. */
const VANISHING_RATIO = 1e-3;
const EXPLODING_NORM = 1e3;

/** Loss, metric and gradient norms of a run's fit on all rows, and its trial scores, as they come. */
export function LiveCharts({ series, title, subtitle }: LiveChartsProps) {
  const loss = useMemo(() => toLines(series, 'loss'), [series]);
  const metric = useMemo(() => toLines(series, 'metric'), [series]);
  const trials = useMemo(() => toTrialLines(series), [series]);
  const heat = useMemo(() => toHeat(series), [series]);
  // Networks tell the health of their layers with every epoch; boosting has rounds.
  const step = heat ? 'epoch' : 'round';
  return (
    <>
      {loss.length > 0 && (
        <LineChart
          title={`Loss, ${title}`}
          subtitle={subtitle}
          series={loss}
          xLabel={step}
          height={230}
          labelWidth={120}
        />
      )}
      {heat && (
        <Heat
          title="Gradient norm by layer"
          subtitle={`training · ${subtitle}`}
          rows={heat.rows}
          steps={heat.steps}
          xLabel="epoch"
          isLog
        />
      )}
      {metric.length > 0 && (
        <LineChart title="Metric" subtitle={subtitle} series={metric} xLabel={step} height={230} labelWidth={120} />
      )}
      {trials.length > 0 && (
        <LineChart
          title={`Trials, ${title}`}
          subtitle="cross-validated mean of each trial"
          series={trials}
          xLabel="trial"
          height={230}
          labelWidth={90}
        />
      )}
    </>
  );
}

const LINE_NAMES: Readonly<Record<string, string>> = {
  train: 'training',
  // Of the training rows; "held out" alone is what validation rows are called elsewhere.
  holdOut: 'inner hold-out',
  validation: 'validation',
  '': 'validation',
};

function toLines(map: SeriesMap, group: string): Series[] {
  return seriesOf(map, group).map((s) => {
    const name = LINE_NAMES[s.name] ?? metricName(s.name).label;
    const role = s.name === 'holdOut' ? 'neutral' : 'full';
    return { name, role, x: s.steps, y: s.values, isTraining: s.name === 'train' };
  });
}

function toTrialLines(map: SeriesMap): Series[] {
  const scores = seriesOf(map, 'trial').find((s) => s.name === 'mean' || s.name === '');
  if (!scores || scores.values.length === 0) return [];
  const best = seriesOf(map, 'trial').find((s) => s.name === 'best');
  const dots: Series = { name: 'mean', role: 'neutral', x: scores.steps, y: scores.values, hasMarkers: true };
  return best
    ? [dots, { name: 'best', role: 'coreset', x: best.steps, y: best.values }]
    : [{ ...dots, role: 'coreset' }];
}

function toHeat(map: SeriesMap) {
  const layers = seriesOf(map, 'gradNorm');
  if (layers.length === 0) return null;
  const steps = [...new Set(layers.flatMap((l) => l.steps))].sort((a, b) => a - b);
  const lasts = layers.map((l) => l.values.at(-1) ?? 0);
  const largest = Math.max(...lasts.filter(Number.isFinite), 0);
  const rows = layers.map((l, k) => {
    const at = new Map(l.steps.map((s, i) => [s, l.values[i]!]));
    const last = lasts[k]!;
    return {
      label: l.name === '' ? `layer ${k + 1}` : humanise(l.name),
      values: steps.map((s) => at.get(s) ?? null),
      isFlagged: !Number.isFinite(last) || last > EXPLODING_NORM || (largest > 0 && last < largest * VANISHING_RATIO),
    };
  });
  // The last layer on top, as the signal flows back from it.
  return { steps, rows: rows.reverse() };
}
