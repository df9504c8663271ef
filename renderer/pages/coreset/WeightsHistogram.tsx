import { useEffect, useMemo, useState } from 'react';
import { formatCount, formatValue } from '../../charts/format.ts';
import { Histogram } from '../../charts/Histogram.tsx';
import { call } from '../../client/engine.ts';
import { weightBins } from './weightBins.ts';

const PAGE = 1000;
/** Enough rows for the shape of a distribution; larger levels are shown by their first rows, and say so. */
const MAX_ROWS = 20_000;

/** Weights of the rows at one level of the tree. */
export function WeightsHistogram({
  projectId,
  coresetId,
  level,
  revision,
}: {
  projectId: string;
  coresetId: string;
  level: number;
  revision: number;
}) {
  const [weights, setWeights] = useState<{ values: readonly number[]; nRows: number } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const values: number[] = [];
      let nRows = PAGE;
      for (let offset = 0; offset < Math.min(nRows, MAX_ROWS) && !stop.signal.aborted; offset += PAGE) {
        const page = await call('coreset.get', { projectId, coresetId, level, offset, limit: PAGE });
        nRows = page.nRows;
        values.push(...page.weights);
      }
      if (!stop.signal.aborted) setWeights({ values, nRows });
    };
    // The page shows the error of the tree itself; a missing histogram is no second one.
    read().catch(() => !stop.signal.aborted && setWeights({ values: [], nRows: 0 }));
    return () => stop.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- an edit of the tree changes its weights
  }, [projectId, coresetId, level, revision]);

  const groups = useMemo(() => {
    const bins = weightBins(weights?.values ?? []);
    return [{ name: 'weights', role: 'coreset' as const, edges: bins.edges, counts: bins.counts }];
  }, [weights]);
  if (!weights || weights.values.length === 0) return null;
  const sum = weights.values.reduce((a, b) => a + b, 0);
  const isPart = weights.values.length < weights.nRows;
  return (
    <Histogram
      title="Weights"
      subtitle={`${isPart ? `first ${formatCount(weights.values.length)} of ` : ''}${formatCount(weights.nRows)} rows at level ${level}${isPart ? '' : ` · sum ${formatValue(sum, 6)}`}`}
      groups={groups}
      xLabel="rows that one row stands for"
      height={190}
    />
  );
}
