import { Button } from '@mantine/core';
import { useCallback } from 'react';
import type { EngineEvent, Out } from '../../../main/contract/channels.ts';
import { formatBytes, formatCount, formatDuration, formatValue } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { CoresetTable } from './CoresetTable.tsx';
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
  const rows = compared.map((c) => ({ ...c, id: c.coresetId }));
  const metric = rows.find((c) => c.metric !== null)?.metric ?? null;
  const isEnough = ({ excessLoss }: (typeof rows)[number]) => excessLoss !== null && excessLoss <= CLOSE;
  const best = rows.some(hasExcess) ? undefined : leastAsGood(rows, metric);
  // The estimates of single draws scatter: a size is enough when every larger one is close too.
  const enough = rows.find((c, i) => isEnough(c) && rows.slice(i).every(isEnough));
  return (
    <>
      <header className="runs-toolbar">
        <h1>Comparison</h1>
        <span className="run-hint">
          {rows.length === 0 ? 'being built' : `${rows.length} coresets built in the same passes`}
        </span>
        <div className="run-actions">
          <Button size="xs" variant="default" onClick={onBack}>
            All coresets
          </Button>
        </div>
      </header>
      {rows.length > 0 && <p className="run-advice is-inset">{sentence(rows, enough, best)}</p>}
      <CoresetTable
        rows={rows}
        isChosen={(c) => c === enough || c === best}
        after={[
          { head: 'Seed', isRight: true, renderCell: (c) => c.seed },
          {
            head: metric === null ? 'Score' : `${metricName(metric).label}, 5 folds`,
            isRight: true,
            renderCell: ({ mean, standardError }) =>
              mean === null ? '–' : `${formatValue(mean, 4)} ± ${formatValue(standardError ?? 0, 4)}`,
          },
          { head: 'A fit takes', isRight: true, renderCell: (c) => formatDuration(c.fitMs) },
          { head: 'File', isRight: true, renderCell: (c) => formatBytes(c.bytes) },
        ]}
        renderActions={(c) => (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            disabled={isReadOnly}
            onClick={() => onErase({ id: c.id, name: c.name })}
          >
            Delete
          </Button>
        )}
        onOpen={onOpen}
      />
    </>
  );
}

type Row = Out<'coreset.comparison'>[number];

const hasExcess = ({ excessLoss }: Row): boolean => excessLoss !== null;

/** What the comparison says. */
function sentence(rows: readonly Row[], enough: Row | undefined, best: Row | undefined): string {
  if (enough)
    return `${formatCount(enough.nRows)} rows are enough here: the training loss is estimated to be within 0.1 % of its optimum on all rows.`;
  if (rows.some(hasExcess)) return 'None of these is within 0.1 % of the optimum on all rows: compare a larger size.';
  if (!best) return 'None of these could be scored: measure the fidelity of one of them.';
  if (best === rows.at(-1)) return 'The largest scores best, by more than a standard error: compare a larger size.';
  return `${formatCount(best.nRows)} rows are enough here: larger ones score no better by more than a standard error.`;
}

/** The smallest coreset whose score is within a standard error of the best one's. */
function leastAsGood<Row extends { readonly mean: number | null; readonly standardError: number | null }>(
  rows: readonly Row[],
  metric: string | null,
): Row | undefined {
  if (metric === null) return undefined;
  const sign = metricName(metric).isHigherBetter ? 1 : -1;
  const scored = rows.filter(({ mean }) => mean !== null);
  const best = scored.toSorted((a, b) => sign * (b.mean! - a.mean!))[0];
  return best && scored.find(({ mean }) => sign * (best.mean! - mean!) <= (best.standardError ?? 0));
}
