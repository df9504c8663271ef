import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RunDetail } from '../../../main/contract/run.ts';
import { Segmented } from '../../components/Segmented.tsx';
import { formatCount } from '../../charts/format.ts';
import { ExplainView } from '../explain/ExplainView.tsx';
import { FindingCards } from '../train/FindingCards.tsx';
import { LiveCharts } from '../train/LiveCharts.tsx';
import { useRunSeries } from '../train/useRunSeries.ts';
import { YamlEditor } from '../train/editor/YamlEditor.tsx';
import { Baseline } from './Baseline.tsx';
import { ClassificationCurves } from './ClassificationCurves.tsx';
import { ClassReport } from './ClassReport.tsx';
import { Coefficients } from './Coefficients.tsx';
import { evaluationPair, leading, shownEvaluations, type RowsShown, type RunResult } from './evaluation.ts';
import { FidelityPanel } from './FidelityPanel.tsx';
import { MetricTiles } from './MetricTiles.tsx';
import { Origin } from './Origin.tsx';
import { Overfit } from './Overfit.tsx';
import { RegressionCharts } from './RegressionCharts.tsx';
import { SlicesTable } from './SlicesTable.tsx';
import { TestRows } from './TestRows.tsx';
import { ThresholdPanel } from './ThresholdPanel.tsx';
import { Timings } from './Timings.tsx';
import { TrialsTable } from './TrialsTable.tsx';

export interface RunResultViewProps {
  readonly run: RunDetail;
  readonly result: RunResult;
  readonly projectId: string;
  readonly shown: RowsShown;
  readonly isReadOnly: boolean;
  /** Least probability at which the positive class is predicted. */
  readonly threshold: number;
  readonly onThreshold: (threshold: number) => void;
  readonly onApply: (patch: Readonly<Record<string, unknown>>, isRetrain: boolean) => void;
  readonly onOpenFile: () => void;
  /** The job that opens the test rows, when it was started here. */
  readonly testJob: Job | undefined;
  readonly onOpenTest: () => void;
}

type Part = 'results' | 'understand' | 'search' | 'configuration';

/** The dashboard of a finished run. */
export function RunResultView(props: RunResultViewProps) {
  const { run, result, shown, projectId, threshold, onThreshold } = props;
  const [part, setPart] = useState<Part>('results');
  const pair = useMemo(() => evaluationPair(result), [result]);
  const evaluations = useMemo(() => shownEvaluations(pair, shown), [pair, shown]);
  const first = leading(pair, shown);
  const [costs, setCosts] = useState({ falseAlarm: 1, missed: 1 });
  const series = useRunSeries(projectId, run.id);
  if (!first) return null;
  const hasThresholds = (first.thresholds?.length ?? 0) > 0;
  const other = shown === 'both' ? pair.full : undefined;
  const isStructure = result.task === 'clustering' || result.task === 'decomposition';
  const explain = (
    <ExplainView
      projectId={projectId}
      run={run}
      result={result}
      isReadOnly={props.isReadOnly}
      onApply={props.onApply}
    />
  );
  const hasSearch = result.trials.length > 0 || series.size > 0;
  return (
    <div className="run-columns">
      <div className="run-main">
        <MetricTiles pair={pair} shown={shown} />
        <TestRows
          run={run}
          result={result}
          projectId={projectId}
          first={first}
          isReadOnly={props.isReadOnly}
          job={props.testJob}
          onOpen={props.onOpenTest}
        />
        <nav className="run-parts" aria-label="Parts of this run">
          <Segmented
            label="Part"
            value={part}
            options={[
              { value: 'results', label: 'Results' },
              ...(isStructure ? [] : [{ value: 'understand', label: 'Understand' }]),
              ...(hasSearch
                ? [
                    {
                      value: 'search',
                      label: result.trials.length > 0 ? `Search (${result.trials.length})` : 'Training',
                    },
                  ]
                : []),
              { value: 'configuration', label: 'Configuration' },
            ]}
            onChange={(v) => setPart(v as Part)}
          />
        </nav>
        {part === 'results' && isStructure && (
          <>
            {explain}
            <FidelityPanel result={result} />
          </>
        )}
        {part === 'results' && !isStructure && (
          <>
            {result.task === 'regression' ? (
              <RegressionCharts evaluations={evaluations} target={result.target} />
            ) : (
              <ClassificationCurves evaluations={evaluations} threshold={hasThresholds ? threshold : null} />
            )}
            <FidelityPanel result={result} />
            <ClassReport first={first} full={other} />
            <SlicesTable
              first={first}
              full={other}
              classLabel={result.task === 'binary' ? result.classes.at(-1) : undefined}
            />
          </>
        )}
        {part === 'understand' && (
          <>
            <Coefficients result={result} />
            {explain}
          </>
        )}
        {part === 'search' && (
          <>
            <div className="run-live-charts">
              <LiveCharts
                series={series}
                title={run.name}
                subtitle={`${run.modelTitle} · ${formatCount(result.coreset?.nRows ?? result.nTrain)} training rows`}
              />
            </div>
            {result.trials.length > 0 && (
              <TrialsTable
                trials={result.trials}
                metric={result.tuneMetric ?? run.metricName ?? ''}
                folds={result.trials[0]?.foldScores.length ?? null}
                on={
                  result.coreset
                    ? `coreset, ${formatCount(result.coreset.nRows)} rows`
                    : `all ${formatCount(result.nTrain)} rows`
                }
              />
            )}
          </>
        )}
        {part === 'configuration' && (
          <section className="run-section" aria-label="Configuration used">
            <header className="run-section-head">
              <h3>Configuration used</h3>
              <span>with the data version and the versions under Computed from, it determines the result</span>
              <Button size="compact-xs" variant="default" onClick={props.onOpenFile}>
                Open as a train file
              </Button>
            </header>
            <div className="run-config">
              <YamlEditor value={run.yaml} label="Configuration used" isReadOnly />
            </div>
          </section>
        )}
      </div>
      <aside className="run-aside" aria-label="Details">
        {hasThresholds && (
          <ThresholdPanel
            first={first}
            full={other}
            test={result.test?.evaluations.find(({ rows }) => rows === first.rows)}
            threshold={threshold}
            onThreshold={onThreshold}
            costs={costs}
            onCosts={setCosts}
          />
        )}
        <section className="run-inspector-part">
          <h3>Findings</h3>
          <FindingCards
            findings={result.findings}
            warnings={result.warnings}
            yaml={run.yaml}
            {...(!props.isReadOnly && { onApply: props.onApply })}
          />
        </section>
        <Baseline first={first} baseline={pair.baseline} metric={run.metricName} />
        <Overfit result={result} />
        <Timings result={result} />
        <Origin result={result} />
        {result.splitNote && (
          <section className="run-inspector-part">
            <h3>Split</h3>
            <p className="run-hint">{result.splitNote}</p>
          </section>
        )}
      </aside>
    </div>
  );
}
