import { Button } from '@mantine/core';
import { useCallback } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import { formatBytes, formatCount, formatDuration, formatShare, formatValue } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { useReading } from '../run/useReading.ts';

/** A training loss this near to its optimum on all rows is as good as it. */
const CLOSE = 0.001;

/** Coresets that were built in the same passes, side by side: the smallest that is as good as the best is marked. */
export function ComparisonView({
  projectId,
  comparisonId,
  isReadOnly,
  onOpen,
  onErase,
  onBack,
}: {
  projectId: string;
  comparisonId: string;
  isReadOnly: boolean;
  onOpen: (coresetId: string) => void;
  onErase: (coreset: { id: string; name: string }) => void;
  onBack: () => void;
}) {
  const read = useCallback(() => call('coreset.comparison', { projectId, comparisonId }), [projectId, comparisonId]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'coresets',
    [projectId],
  );
  const { value: compared, error, reload } = useReading(read, isAbout);
  if (!compared)
    return error === null ? (
      <LoadingState label="Reading the comparison" />
    ) : (
      <ErrorState error={error} onRetry={() => void reload()} />
    );
  const metric = compared.find((c) => c.metric !== null)?.metric ?? null;
  const isEnough = ({ excessLoss }: (typeof compared)[number]) => excessLoss !== null && excessLoss <= CLOSE;
  // The estimates of single draws scatter: a size is enough when every larger one is close too.
  const enough = compared.find((c, i) => isEnough(c) && compared.slice(i).every(isEnough));
  return (
    <>
      <header className="runs-toolbar">
        <h1>Comparison</h1>
        <span className="run-hint">{compared.length} coresets built in the same passes</span>
        <div className="run-actions">
          <Button size="xs" variant="default" onClick={onBack}>
            All coresets
          </Button>
        </div>
      </header>
      {compared.length > 0 && (
        <p className="run-advice is-inset">
          {enough
            ? `${formatCount(enough.nRows)} rows are enough here: the training loss is estimated to be within 0.1 % of its optimum on all rows.`
            : 'None of these is within 0.1 % of the optimum on all rows: compare a larger size.'}
        </p>
      )}
      <div className="pith-scroll">
        <table className="pith-table">
          <thead>
            <tr>
              <th scope="col">Coreset</th>
              <th scope="col" className="is-right">
                Rows
              </th>
              <th scope="col" className="is-right">
                Seed
              </th>
              <th scope="col" className="is-right">
                Excess loss
              </th>
              <th scope="col" className="is-right">
                {metric === null ? 'Score' : `${metricName(metric).label}, 5 folds`}
              </th>
              <th scope="col" className="is-right">
                A fit takes
              </th>
              <th scope="col" className="is-right">
                File
              </th>
              <th scope="col" aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {compared.map((c) => (
              <tr key={c.coresetId} className={c === enough ? 'is-selected' : ''}>
                <td className="is-strong">
                  <button type="button" className="runs-name" onClick={() => onOpen(c.coresetId)}>
                    <i className="dot is-coreset" />
                    {c.name}
                  </button>
                </td>
                <td className="is-right">{formatCount(c.nRows)}</td>
                <td className="is-right">{c.seed}</td>
                <td className="is-right is-strong">{c.excessLoss === null ? '–' : formatShare(c.excessLoss)}</td>
                <td className="is-right">
                  {c.mean === null ? '–' : `${formatValue(c.mean, 4)} ± ${formatValue(c.standardError ?? 0, 4)}`}
                </td>
                <td className="is-right">{formatDuration(c.fitMs)}</td>
                <td className="is-right">{formatBytes(c.bytes)}</td>
                <td className="is-right">
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    color="gray"
                    disabled={isReadOnly}
                    onClick={() => onErase({ id: c.coresetId, name: c.name })}
                  >
                    Delete
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
