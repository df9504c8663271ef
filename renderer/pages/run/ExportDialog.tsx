import { Button, Group, Modal, Radio } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Out } from '../../../main/contract/channels.ts';
import type { LogLine } from '../../../main/contract/jobs.ts';
import type { RunDetail } from '../../../main/contract/run.ts';
import { formatCount } from '../../charts/format.ts';
import { call, download, chooseSavePath } from '../../client/engine.ts';
import { useJobs } from '../../hooks/useJobs.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';
import { JobLine } from './JobLine.tsx';
import { ThresholdNote } from './ThresholdNote.tsx';

/** Writes the whole pipeline, raw columns in, as one ONNX file. */
export function ExportDialog({
  projectId,
  run,
  threshold,
  onClose,
}: {
  projectId: string;
  run: RunDetail;
  /** Chosen on the page; null where the likelier class is predicted. */
  threshold: number | null;
  onClose: () => void;
}) {
  useReturnFocus();
  const hasFull = run.result?.evaluations.some((e) => e.rows === 'full') ?? false;
  const choices = [
    ...(run.result?.final ? [['final', 'training and validation rows'] as const] : []),
    ...(hasFull ? [['full', 'all training rows'] as const] : []),
    ...(run.result?.coreset == null ? [] : [['coreset', 'the coreset'] as const]),
  ];
  const [rows, setRows] = useState<'final' | 'full' | 'coreset'>(
    run.result?.final ? 'final' : hasFull ? 'full' : 'coreset',
  );
  const [started, setStarted] = useState<Out<'run.export'> | null>(null);
  const [notes, setNotes] = useState<readonly LogLine[]>([]);
  const [error, setError] = useState<unknown>(null);
  const job = useJobs().find(({ id }) => id === started?.jobId) ?? null;
  const status = job?.state.status ?? null;
  useEffect(() => {
    if (status !== 'done' || started === null) return;
    if (started.downloadToken !== null) download(started.downloadToken);
    call('job.log', { projectId, jobId: started.jobId }).then(setNotes, setError);
  }, [status, started, projectId]);
  const isDone = status === 'done';
  const isBusy = started !== null && (status === null || status === 'running' || status === 'queued');
  const failure = job?.state.status === 'failed' ? job.state.error : null;
  const save = async () => {
    setStarted(null);
    setError(null);
    try {
      const target = await chooseSavePath({
        title: 'Export as ONNX',
        defaultName: `${run.name}.onnx`,
        extensions: ['onnx'],
      });
      if (target === 'cancelled') return;
      const answer = await call('run.export', {
        projectId,
        runId: run.id,
        rows,
        ...(threshold !== null && { threshold }),
        ...(target !== null && { path: target }),
      });
      setStarted(answer);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Export ${run.name}`} size="md">
      {isDone ? (
        <>
          <p className="dialog-text">
            {started?.downloadToken === null ? (
              <>
                Saved to <code>{started.path}</code>.
              </>
            ) : (
              'Saved as a download.'
            )}
          </p>
          {notes.map(({ text }) => (
            <p className="dialog-text" key={text}>
              {text}
            </p>
          ))}
        </>
      ) : (
        <>
          <ThresholdNote run={run} threshold={threshold} />
          <p className="dialog-text">
            One ONNX file with preparation and model: it takes the {formatCount(run.result?.inputs.length)} raw columns,
            text and missing values too.
          </p>
          {choices.length > 1 && (
            <Radio.Group label="Model fitted on" size="xs" value={rows} onChange={(v) => setRows(v as typeof rows)}>
              <Group gap="md" mt={4} mb={8}>
                {choices.map(([value, label]) => (
                  <Radio size="xs" key={value} value={value} label={label} />
                ))}
              </Group>
            </Radio.Group>
          )}
          {rows === 'final' && <p className="dialog-text">{run.result?.final?.note}</p>}
        </>
      )}
      {isBusy && job && <JobLine job={job} projectId={projectId} />}
      {(error !== null || failure !== null) && <ErrorState error={error ?? failure} />}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button size="xs" variant="default" onClick={onClose}>
          {isDone ? 'Close' : 'Cancel'}
        </Button>
        {!isDone && (
          <Button size="xs" loading={isBusy} onClick={() => void save()} data-autofocus>
            Export
          </Button>
        )}
      </Group>
    </Modal>
  );
}
