import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { ClustersAnswer } from '../../../main/contract/explain.ts';
import { formatCount, formatSigned, formatValue } from '../../charts/format.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { ClusterMap } from './ClusterMap.tsx';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const NO_ARGS = {};
const TELLING = 6;
/** Differences smaller than this, in standard deviations, tell nothing. */
const TELLING_FROM = 0.1;

/** What sets each cluster apart, and how many clusters there should be. */
export function Clusters({ projectId, runId, result, isReadOnly, onApply }: TopicProps) {
  const explanation = useExplanation(projectId, runId, 'clusters', NO_ARGS, !isReadOnly);
  return (
    <QuestionPanel
      explanation={explanation}
      projectId={projectId}
      isReadOnly={isReadOnly}
      title="Cluster profiles"
      text="Size of each cluster, the features that set it apart, and inertia and silhouette by number of clusters."
    >
      {(answer) => (
        <Profiles
          answer={answer}
          nClusters={result.classes.length}
          onUseK={
            isReadOnly
              ? undefined
              : (k) => onApply({ 'model.params.k': undefined, 'model.params.nClusters': k, tune: undefined }, true)
          }
        />
      )}
    </QuestionPanel>
  );
}

function Profiles({
  answer,
  nClusters,
  onUseK,
}: {
  answer: ClustersAnswer;
  nClusters: number;
  onUseK: ((k: number) => void) | undefined;
}) {
  const choice = useMemo(() => {
    const points = answer.choice ?? [];
    const scored = points.filter((p) => p.silhouette !== null);
    return {
      inertia: [
        {
          name: 'inertia',
          role: 'coreset' as const,
          x: points.map((p) => p.k),
          y: points.map((p) => p.inertia),
          hasMarkers: true,
        },
      ],
      silhouette: [
        {
          name: 'silhouette',
          role: 'coreset' as const,
          x: scored.map((p) => p.k),
          y: scored.map((p) => p.silhouette!),
          hasMarkers: true,
        },
      ],
    };
  }, [answer]);
  const labels = useMemo(() => answer.clusters.map((c) => c.label), [answer]);
  const subtitle = `${answer.rowsKind} · ${formatCount(answer.nRows)} rows`;
  const choiceSubtitle = `${answer.rowsKind} · ${formatCount(answer.nChoiceRows ?? answer.nRows)} rows`;
  const k = answer.suggestedK ?? null;
  return (
    <>
      {(answer.advice?.length ?? 0) > 0 && <p className="run-advice">{answer.advice!.join(' ')}</p>}
      {k !== null && k !== nClusters && onUseK && (
        <Button size="compact-xs" variant="default" className="explain-button" onClick={() => onUseK(k)}>
          Run with {k} clusters
        </Button>
      )}
      <p className="run-hint">
        {subtitle} · means and shares in the columns’ own units, difference to all rows in standard deviations
      </p>
      <div className="pith-scroll">
        <table className="pith-table is-wrapping">
          <thead>
            <tr>
              <th scope="col">Cluster</th>
              <th scope="col" className="is-right">
                Rows
              </th>
              <th scope="col">What sets it apart</th>
            </tr>
          </thead>
          <tbody>
            {answer.clusters.map((c) => (
              <tr key={c.label}>
                <td className="is-strong">{c.label}</td>
                <td className="is-right">{formatCount(c.nRows)}</td>
                <td>
                  {[...c.features]
                    .filter((f) => Math.abs(f.difference) >= TELLING_FROM)
                    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
                    .slice(0, TELLING)
                    .map((f) => (
                      <span key={f.feature} className="run-chip" title={`overall ${formatValue(f.overall)}`}>
                        {f.feature} <b>{formatValue(f.here, 3)}</b> ({formatSigned(f.difference, 2)})
                      </span>
                    ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.map && answer.map.length > 0 && <ClusterMap points={answer.map} labels={labels} />}
      {(answer.choice?.length ?? 0) > 1 && (
        <div className="explain-two">
          <LineChart
            title="Inertia by k"
            subtitle={choiceSubtitle}
            series={choice.inertia}
            xLabel="clusters"
            labelWidth={60}
          />
          {choice.silhouette[0]!.x.length > 1 && (
            <LineChart
              title="Silhouette by k"
              subtitle={choiceSubtitle}
              series={choice.silhouette}
              xLabel="clusters"
              labelWidth={70}
            />
          )}
        </div>
      )}
    </>
  );
}
