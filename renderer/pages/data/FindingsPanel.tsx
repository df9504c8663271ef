import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { useCallback, useState, type ReactNode } from 'react';
import type { DataVersion, Finding } from '../../../main/contract/data.ts';
import { tell } from '../../app/tell.ts';
import { go } from '../../app/route.ts';
import { perform } from '../../app/undo.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { useReading } from '../run/useReading.ts';

const never = () => false;

export interface FindingsPanelProps {
  readonly projectId: string;
  readonly version: DataVersion;
  readonly datasetName: string;
  readonly target: string | null;
  readonly isReadOnly: boolean;
  /** Shown above the findings. */
  readonly children?: ReactNode;
}

/** What to know about a table before training on it; each finding ends in a button where there is a remedy. */
export function FindingsPanel({ projectId, version, datasetName, target, isReadOnly, children }: FindingsPanelProps) {
  const read = useCallback(
    () => call('data.findings', { projectId, versionId: version.id, ...(target !== null && { target }) }),
    [projectId, version.id, target],
  );
  const { value: findings, error, reload } = useReading(read, never);
  const [applying, setApplying] = useState<string | null>(null);

  const apply = async (finding: Finding) => {
    setApplying(finding.code);
    try {
      const name = `${datasetName}.pith.yaml`;
      const files = await call('config.files', { projectId });
      const before = files.find((file) => file.name === name)?.yaml;
      const yaml =
        before ??
        (await call('config.propose', { projectId, versionId: version.id, ...(target !== null && { target }) })).yaml;
      const patched = await call('config.patch', { yaml, patch: finding.patch ?? {} });
      await perform({
        label: `${finding.action ?? 'change'} in ${name}`,
        redo: () => call('config.save', { projectId, name, yaml: patched.yaml }),
        undo: () =>
          before === undefined
            ? call('config.removeFile', { projectId, name })
            : call('config.save', { projectId, name, yaml: before }),
      });
      go('train', name);
    } catch (cause) {
      tell(cause);
    } finally {
      setApplying(null);
    }
  };

  return (
    <aside className="inspector" aria-label="Findings" data-region tabIndex={-1}>
      {children}
      <div className="panel-head">Findings {findings !== null && <span className="pill">{findings.length}</span>}</div>
      {target !== null && <p className="muted pad-small">With {target} as the target</p>}
      {error !== null && <ErrorState error={error} onRetry={() => void reload()} />}
      {findings === null && error === null && <p className="muted pad-small">Looking at the columns…</p>}
      {findings?.length === 0 && (
        <p className="finding">
          <IconCheck size={16} className="is-good" aria-hidden /> Nothing to worry about was found.
        </p>
      )}
      {findings !== null && target === null && (
        <p className="muted pad-small">
          Rows that depend on each other are looked for once a column to predict is chosen.
        </p>
      )}
      {findings?.map((finding) => (
        <article key={`${finding.code}:${finding.columns.join()}`} className="finding">
          {finding.severity === 'info' ? (
            <IconInfoCircle size={16} className="is-info" aria-label="Information" />
          ) : (
            <IconAlertTriangle
              size={16}
              className={finding.severity === 'error' ? 'is-danger' : 'is-warn'}
              aria-label={finding.severity}
            />
          )}
          <div className="grow">
            <h3>{finding.title}</h3>
            <p className="muted">{finding.detail}</p>
            {finding.action !== null && finding.patch !== null && (
              <Button
                size="xs"
                variant="default"
                disabled={isReadOnly}
                loading={applying === finding.code}
                onClick={() => void apply(finding)}
              >
                {finding.action}
              </Button>
            )}
          </div>
        </article>
      ))}
    </aside>
  );
}
