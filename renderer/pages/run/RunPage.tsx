import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconTarget } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { formatShare } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { useOffer } from '../../app/pageCommands.ts';
import { Segmented } from '../../components/Segmented.tsx';
import { patchYaml } from '../../../main/contract/patchYaml.ts';
import { flatten } from '../train/describePatch.ts';
import { evaluationPair, fidelityShare, type RowsShown } from './evaluation.ts';
import { ExportDialog } from './ExportDialog.tsx';
import { Lineage } from './Lineage.tsx';
import { OpenTestDialog } from './OpenTestDialog.tsx';
import { PredictDialog } from './PredictDialog.tsx';
import { RunResultView } from './RunResultView.tsx';
import { RunState } from './RunStates.tsx';
import { useReading } from './useReading.ts';
import './run.css';

export interface RunViewProps {
  readonly projectId: string;
  readonly runId: string;
  readonly isReadOnly: boolean;
  readonly jobs: readonly Job[];
  /** Opens a configuration as a train file. */
  readonly onOpenFile: (yaml: string, name: string) => void;
  readonly onOpenRun: (runId: string) => void;
}

/** One run, in whatever state it is. */
export function RunView({ projectId, runId, isReadOnly, jobs, onOpenFile, onOpenRun }: RunViewProps) {
  const [shown, setShown] = useState<RowsShown>('both');
  const [threshold, setThreshold] = useState(0.5);
  const [dialog, setDialog] = useState<'export' | 'predict' | 'test' | null>(null);
  const [testJobId, setTestJobId] = useState<string | null>(null);

  const read = useCallback(() => call('run.get', { projectId, runId }), [projectId, runId]);
  const isAbout = useCallback(
    (event: EngineEvent) =>
      (event.type === 'changed' && event.projectId === projectId && event.what === 'runs') ||
      (event.type === 'job' && event.job.runId === runId && event.job.state.status !== 'running'),
    [projectId, runId],
  );
  const { value: run, error, reload, setError } = useReading(read, isAbout);
  const hasModel = run?.result != null;
  const hasLockedRows = run?.result != null && run.result.nTest > 0 && !run.result.test && !isReadOnly;
  const offer = useMemo(() => {
    const ofRun = { keys: null, group: 'This run', isDisabled: !hasModel };
    return [
      { ...ofRun, id: 'run.predict', label: 'Predict a file…', run: () => setDialog('predict') },
      { ...ofRun, id: 'run.export', label: 'Export as ONNX…', run: () => setDialog('export') },
      {
        ...ofRun,
        id: 'run.openTest',
        label: 'Open test rows…',
        isDisabled: !hasLockedRows,
        run: () => setDialog('test'),
      },
      { ...ofRun, id: 'run.showCoreset', label: 'Show the model of the coreset', run: () => setShown('coreset') },
      { ...ofRun, id: 'run.showFull', label: 'Show the model of all rows', run: () => setShown('full') },
      { ...ofRun, id: 'run.showBoth', label: 'Show both models', run: () => setShown('both') },
    ];
  }, [hasModel, hasLockedRows]);
  useOffer(offer);

  if (!run)
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void reload()} />
    ) : (
      <LoadingState label="Reading the run" />
    );

  const result = run.result;
  const pair = result && evaluationPair(result);
  const fidelity = result && fidelityShare(result, run.metricName);
  const job = jobs.find((j) => j.id === run.jobId) ?? jobs.find((j) => j.runId === run.id);
  // The likelier class is what 0.5 means; only another choice has to travel.
  const chosenThreshold = result?.task === 'binary' && threshold !== 0.5 ? threshold : null;
  const openFile = () => onOpenFile(run.yaml, run.name);
  const apply = (patch: Readonly<Record<string, unknown>>, isRetrain: boolean) => {
    const yaml = patchYaml(run.yaml, flatten(patch));
    if (!isRetrain) return onOpenFile(yaml, run.name);
    call('run.start', { projectId, yaml })
      .then((started) => onOpenRun(started.runId))
      .catch((cause: unknown) => setError(cause));
  };
  return (
    <div className="run-page">
      <header className="run-head">
        <div className="run-title">
          <h1>
            {run.name} · {run.modelTitle}
          </h1>
          {fidelity && (
            <span className="run-chip is-accent" title="How much of the all-rows result the coreset keeps">
              <IconTarget size={12} stroke={1.6} /> fidelity {formatShare(fidelity.share)}
              {fidelity.spread !== null && ` ± ${formatShare(fidelity.spread).replace(' %', '')}`}
            </span>
          )}
          {run.tags.map((t) => (
            <span key={t} className="run-chip">
              {t}
            </span>
          ))}
          {run.isTrashed && <span className="run-chip is-danger">in the trash</span>}
          <div className="run-actions">
            {pair?.coreset && pair.full && (
              <Segmented
                label="Rows shown"
                value={shown}
                options={[
                  { value: 'coreset', label: 'Coreset' },
                  { value: 'full', label: 'All rows' },
                  { value: 'both', label: 'Both' },
                ]}
                onChange={(v) => setShown(v as RowsShown)}
              />
            )}
            {result && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} stroke={1.4} />}>
                    Use the model
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setDialog('predict')}>Predict a file …</Menu.Item>
                  <Menu.Item onClick={() => setDialog('export')}>Export as ONNX …</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </div>
        </div>
        <Lineage run={run} />
        {run.note && <p className="run-note">{run.note}</p>}
      </header>
      {error !== null && <ErrorState error={error} />}
      {result ? (
        <RunResultView
          run={run}
          result={result}
          projectId={projectId}
          shown={shown}
          isReadOnly={isReadOnly}
          threshold={threshold}
          onThreshold={setThreshold}
          onApply={apply}
          onOpenFile={openFile}
          testJob={jobs.find(({ id }) => id === testJobId)}
          onOpenTest={() => setDialog('test')}
        />
      ) : (
        <RunState run={run} projectId={projectId} job={job} onOpenFile={openFile} />
      )}
      {dialog === 'export' && (
        <ExportDialog projectId={projectId} run={run} threshold={chosenThreshold} onClose={() => setDialog(null)} />
      )}
      {dialog === 'test' && result && (
        <OpenTestDialog
          projectId={projectId}
          run={run}
          result={result}
          onStarted={setTestJobId}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'predict' && result && (
        <PredictDialog
          projectId={projectId}
          run={run}
          result={result}
          threshold={chosenThreshold}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
