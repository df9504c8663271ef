import { useEffect, useMemo, useState } from 'react';
import type { RunDetail, RunSummary } from '../../../main/contract/run.ts';
import { formatCount } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';
import { ParallelCoordinates } from '../../charts/ParallelCoordinates.tsx';
import { call } from '../../client/engine.ts';

/** The trials behind a run, as parallel coordinates; nothing when it was fitted without a search. */
export function StudyPanel({ projectId, run }: { projectId: string; run: RunSummary }) {
  const [detail, setDetail] = useState<RunDetail | null>(null);
  const { id, status } = run;
  useEffect(() => {
    let isStale = false;
    if (status !== 'done') return;
    call('run.get', { projectId, runId: id }).then(
      (found) => !isStale && setDetail(found),
      // The table above still stands; opening the run shows what is wrong with it.
      () => {},
    );
    return () => {
      isStale = true;
    };
  }, [projectId, id, status]);
  const result = detail?.result;
  const trials = useMemo(
    () => (result?.trials ?? []).map((t) => ({ number: t.number, params: t.params, score: t.mean })),
    [result],
  );
  if (!result || trials.length < 2) return null;
  const { label, isHigherBetter } = metricName(result.tuneMetric ?? run.metricName ?? '');
  const on = result.coreset
    ? `coreset of ${formatCount(result.coreset.nRows)} rows`
    : `all ${formatCount(result.nTrain)} rows`;
  return (
    <section className="runs-study">
      <ParallelCoordinates
        title={`Study: ${run.name}`}
        subtitle={`${trials.length} trials · cross-validated on the ${on} · accent = best 6`}
        trials={trials}
        scoreLabel={label}
        isHigherBetter={isHigherBetter}
        height={230}
      />
    </section>
  );
}
