import { Button, Group, Modal } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { FileRef } from '../../../main/contract/data.ts';
import type { RunDetail } from '../../../main/contract/run.ts';
import { formatCount } from '../../charts/format.ts';
import { call, chooseFile, chooseSavePath, download } from '../../client/engine.ts';
import { useJobs } from '../../hooks/useJobs.ts';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import type { RunResult } from './evaluation.ts';
import { JobLine } from './JobLine.tsx';
import { ThresholdNote } from './ThresholdNote.tsx';

/** Scores a file with this run's model; the answer is a CSV file with the predictions beside the rows. */
export function PredictDialog({
  projectId,
  run,
  result,
  threshold,
  onClose,
}: {
  projectId: string;
  run: RunDetail;
  result: RunResult;
  /** Chosen on the page; null where the likelier class is predicted. */
  threshold: number | null;
  onClose: () => void;
}) {
  useReturnFocus();
  const [file, setFile] = useState<{ ref: FileRef; name: string } | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const [downloadToken, setDownloadToken] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const job = useJobs().find(({ id }) => id === jobId) ?? null;
  const status = job?.state.status ?? null;
  useEffect(() => {
    if (status === 'done' && downloadToken !== null) download(downloadToken);
  }, [status, downloadToken]);
  useEffect(() => {
    if (status !== 'done' || jobId === null) return;
    call('job.log', { projectId, jobId }).then((lines) => setNotes(lines.map(({ text }) => text)), setError);
  }, [status, jobId, projectId]);
  const choose = async () => {
    const chosen = await chooseFile({
      title: 'Choose a file to score',
      extensions: ['csv', 'tsv', 'parquet', 'json', 'jsonl'],
    });
    if (chosen) setFile(chosen);
  };
  const start = async () => {
    if (!file) return;
    setError(null);
    try {
      const target = await chooseSavePath({
        title: 'Save the predictions',
        defaultName: `${file.name.replace(/\.\w+$/, '')}-predicted.csv`,
        extensions: ['csv'],
      });
      if (target === 'cancelled') return;
      const started = await call('run.predict', {
        projectId,
        runId: run.id,
        file: file.ref,
        ...(threshold !== null && { threshold }),
        ...(target !== null && { path: target }),
      });
      setDownloadToken(started.downloadToken);
      setJobId(started.jobId);
    } catch (cause) {
      setError(cause);
    }
  };
  const isDone = status === 'done';
  const isRunning = jobId !== null && (status === null || status === 'running' || status === 'queued');
  const failure = job?.state.status === 'failed' ? job.state.error.message : null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={run.target === '' ? 'Use the model on a file' : `Predict ${run.target} for a file`}
      size="lg"
    >
      <ThresholdNote run={run} threshold={threshold} />
      <p className="dialog-text">
        The file needs these {formatCount(result.inputs.length)} columns, in any order; others are kept as they are:{' '}
        {result.inputs.map((i) => i.name).join(', ')}.
      </p>
      {result.final && <p className="dialog-text">{result.final.note}</p>}
      <Group gap="xs" mb="sm">
        <Button size="xs" variant="default" onClick={() => void choose()} data-autofocus>
          Choose file …
        </Button>
        <span className="dialog-text">{file?.name ?? 'No file chosen'}</span>
      </Group>
      {isRunning && job && <JobLine job={job} projectId={projectId} />}
      {isDone && <p className="dialog-text">The predictions are saved.</p>}
      {notes
        .filter((note) => note !== result.final?.note)
        .map((note) => (
          <p key={note} className="run-finding is-warning" role="note">
            <IconAlertTriangle size={14} stroke={1.4} aria-hidden />
            <span>{note}</span>
          </p>
        ))}
      {(error !== null || failure !== null) && <ErrorState error={error ?? failure} />}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button size="xs" variant="default" onClick={onClose}>
          {isDone ? 'Close' : 'Cancel'}
        </Button>
        {!isDone && (
          <Button size="xs" disabled={!file} loading={isRunning} onClick={() => void start()}>
            Predict
          </Button>
        )}
      </Group>
    </Modal>
  );
}
