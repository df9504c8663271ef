import { Button, Group, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import type { Out } from '../../../main/contract/channels.ts';
import type { RunDetail } from '../../../main/contract/run.ts';
import { formatBytes, formatCount } from '../../charts/format.ts';
import { call, download, chooseSavePath } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
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
  const hasBoth = run.result?.coreset != null && run.result.evaluations.some((e) => e.rows === 'full');
  const [rows, setRows] = useState<'full' | 'coreset'>(
    run.result?.evaluations.some((e) => e.rows === 'full') ? 'full' : 'coreset',
  );
  const [isBusy, setIsBusy] = useState(false);
  const [done, setDone] = useState<Out<'run.export'> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setIsBusy(true);
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
      if (answer.downloadToken !== null) download(answer.downloadToken);
      setDone(answer);
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Export ${run.name}`} size="md">
      {done ? (
        <p className="dialog-text">
          Saved {formatBytes(done.bytes)}{' '}
          {done.downloadToken === null ? (
            <>
              to <code>{done.path}</code>
            </>
          ) : (
            'as a download'
          )}
          . It takes the raw columns and gives the same predictions as here.
        </p>
      ) : (
        <>
          <ThresholdNote run={run} threshold={threshold} />
          <p className="dialog-text">
            One ONNX file with preparation and model: it takes the {formatCount(run.result?.inputs.length)} raw columns,
            text and missing values too.
          </p>
          {hasBoth && (
            <Radio.Group
              label="Model fitted on"
              size="xs"
              value={rows}
              onChange={(v) => setRows(v === 'coreset' ? 'coreset' : 'full')}
            >
              <Group gap="md" mt={4}>
                <Radio size="xs" value="full" label="all rows" />
                <Radio size="xs" value="coreset" label="the coreset" />
              </Group>
            </Radio.Group>
          )}
        </>
      )}
      {error !== null && <ErrorState error={error} />}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button size="xs" variant="default" onClick={onClose}>
          {done ? 'Close' : 'Cancel'}
        </Button>
        {!done && (
          <Button size="xs" loading={isBusy} onClick={() => void save()} data-autofocus>
            Export
          </Button>
        )}
      </Group>
    </Modal>
  );
}
