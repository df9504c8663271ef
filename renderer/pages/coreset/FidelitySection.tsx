import { Button } from '@mantine/core';
import { IconChartDots, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { fromAppErrorData } from '../../../main/contract/errors.ts';
import type { CoresetInfo, FidelityCurve } from '../../../main/contract/coreset.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { FidelityChart } from '../../charts/FidelityChart.tsx';
import { formatCount } from '../../charts/format.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { JobLine } from '../run/JobLine.tsx';
import { EXCESS, fidelityMeasures, fidelitySeries, measuredOn, measureTitle } from './fidelityView.ts';
import { MeasureDialog } from './MeasureDialog.tsx';

/** Curves of former versions do not say how close is close. */
const TOLERANCE = 0.001;

/** How far samples of several sizes are from all rows, what that means, and how to measure it. */
export function FidelitySection({
  projectId,
  info,
  curve,
  measure,
  jobs,
  isReadOnly,
  onMeasure,
}: {
  projectId: string;
  info: CoresetInfo;
  curve: FidelityCurve | null;
  /** The measure shown. */
  measure: string;
  jobs: readonly Job[];
  isReadOnly: boolean;
  onMeasure: (measure: string) => void;
}) {
  const [isAsking, setIsAsking] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = jobs.find((j) => j.id === jobId);
  const isRunning = job?.state.status === 'running' || job?.state.status === 'queued';
  const isDisabled = isReadOnly || isRunning;
  const series = curve ? fidelitySeries(curve, measure) : [];
  const measures = curve ? fidelityMeasures(curve) : [];
  return (
    <>
      {curve?.advice.map((a) => (
        <p key={a} className="run-advice">
          <IconInfoCircle size={16} stroke={1.4} />
          {a}
        </p>
      ))}
      {job?.state.status === 'failed' && (
        <div className="coreset-job">
          <ErrorState error={fromAppErrorData(job.state.error)} onRetry={() => setIsAsking(true)} />
        </div>
      )}
      {curve && series.length > 0 ? (
        <FidelityChart
          title="Gap to all rows"
          subtitle={subtitleOf(curve, measure, info)}
          series={series}
          isShare={measure === EXCESS}
          yLabel={measureTitle(curve, measure)}
          {...(measure === EXCESS && { tolerance: curve.loss?.tolerance ?? TOLERANCE })}
          size={info.nRows}
          actions={
            <>
              {measures.length > 1 && (
                <Segmented
                  label="Measure"
                  value={measure}
                  options={measures.map((m) => ({ value: m.key, label: m.label }))}
                  onChange={onMeasure}
                />
              )}
              <Button size="compact-xs" variant="default" disabled={isDisabled} onClick={() => setIsAsking(true)}>
                Measure again
              </Button>
            </>
          }
        />
      ) : (
        <EmptyState
          icon={IconChartDots}
          title="Fidelity has not been measured by size"
          text="Fits the same model on coresets of several sizes, and on plain samples of the same sizes, and compares each to all rows."
          action={{ label: 'Measure fidelity', onClick: () => setIsAsking(true), isDisabled }}
        />
      )}
      {job && <JobLine job={job} projectId={projectId} />}
      {isAsking && (
        <MeasureDialog projectId={projectId} info={info} onStarted={setJobId} onClose={() => setIsAsking(false)} />
      )}
    </>
  );
}

function subtitleOf(curve: FidelityCurve, measure: string, info: CoresetInfo): string {
  const nDraws = curve.points[0]?.nDraws ?? 0;
  return [
    ...(curve.model ? [curve.model.title] : []),
    measuredOn(curve, measure),
    nDraws > 1 ? `median and 10–90 % of ${formatCount(nDraws)} draws` : 'one draw',
    ...(info.nEdits > 0 ? ['on the data as first built'] : []),
  ].join(' · ');
}
