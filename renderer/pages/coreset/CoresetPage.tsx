import { Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTarget } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { fromAppErrorData } from '../../../main/contract/errors.ts';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { CoresetInfo } from '../../../main/contract/coreset.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../client/engine.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { JobLine } from '../run/JobLine.tsx';
import { useReading } from '../run/useReading.ts';
import { BuildDialog, type BuildDialogProps } from './BuildDialog.tsx';
import { CompareDialog } from './CompareDialog.tsx';
import { ComparisonView } from './ComparisonView.tsx';
import { CoresetList } from './CoresetList.tsx';
import { CoresetView } from './CoresetView.tsx';
import '../run/run.css';
import './coreset.css';

export interface CoresetsViewProps {
  readonly projectId: string;
  readonly isReadOnly: boolean;
  readonly jobs: readonly Job[];
  /** The open coreset; null shows the list. */
  readonly coresetId: string | null;
  readonly onOpenCoreset: (coresetId: string | null) => void;
  readonly onTrain: (info: CoresetInfo, level: number) => void;
  readonly onOpenData: () => void;
}

/** The coresets of the project: the list, or one of them. */
export function CoresetsView({
  projectId,
  isReadOnly,
  jobs,
  coresetId,
  onOpenCoreset,
  onTrain,
  onOpenData,
}: CoresetsViewProps) {
  const [dialog, setDialog] = useState<BuildDialogProps['initial'] | null>(null);
  const [isComparing, setIsComparing] = useState(false);
  const [comparisonId, setComparisonId] = useState<string | null>(null);
  const [since] = useState(() => new Date().toISOString());
  const [dismissed, setDismissed] = useState<string | null>(null);

  const read = useCallback(async () => {
    const [coresets, datasets] = await Promise.all([
      call('coreset.list', { projectId }),
      call('data.list', { projectId }),
    ]);
    return { coresets, datasets };
  }, [projectId]);
  const isAbout = useCallback(
    (event: EngineEvent) =>
      event.type === 'changed' && event.projectId === projectId && (event.what === 'coresets' || event.what === 'data'),
    [projectId],
  );
  const { value: loaded, error, reload, setError } = useReading(read, isAbout);

  if (!loaded)
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void reload()} />
    ) : (
      <LoadingState label="Reading the coresets" />
    );
  const { coresets, datasets } = loaded;
  const hashOf = (versionId: string) =>
    datasets.flatMap((d) => d.versions).find((v) => v.id === versionId)?.hash ?? null;
  const building = jobs.filter(
    (j) =>
      j.kind === 'coreset' &&
      j.projectId === projectId &&
      (j.state.status === 'running' || j.state.status === 'queued'),
  );
  const failed = jobs.find(
    (j) =>
      j.kind === 'coreset' &&
      j.projectId === projectId &&
      j.state.status === 'failed' &&
      j.id !== dismissed &&
      (coresets.length === 0 || (j.finishedAt ?? '') > since),
  );
  const erase = (info: { id: string; name: string }) =>
    modals.openConfirmModal({
      title: `Delete ${info.name}?`,
      children: (
        <p className="dialog-text">The tree and its edits are removed. Runs that used it keep their results.</p>
      ),
      labels: { confirm: 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red', size: 'xs' },
      cancelProps: { size: 'xs' },
      onConfirm: () => {
        call('coreset.erase', { projectId, coresetId: info.id }).then(
          () => onOpenCoreset(null),
          (cause: unknown) => setError(cause),
        );
      },
    });
  const again = (info: CoresetInfo) =>
    setDialog({
      versionId: info.versionId,
      service: info.service,
      size: info.size,
      target: info.target,
      seed: info.seed,
    });
  const isOpen = coresetId !== null && coresets.some((c) => c.id === coresetId);
  return (
    <div className="coreset-page">
      {error !== null && <ErrorState error={error} />}
      {building.map((j) => (
        <div key={j.id} className="coreset-job">
          <JobLine job={j} projectId={projectId} />
        </div>
      ))}
      {building.length === 0 && failed?.state.status === 'failed' && (
        <div className="coreset-job is-failed">
          <ErrorState error={fromAppErrorData(failed.state.error)} />
          <Button size="compact-xs" variant="default" onClick={() => setDismissed(failed.id)}>
            Dismiss
          </Button>
        </div>
      )}
      {isOpen ? (
        <CoresetView
          key={coresetId}
          projectId={projectId}
          coresetId={coresetId}
          isReadOnly={isReadOnly}
          jobs={jobs}
          datasets={datasets}
          versionHash={hashOf(coresets.find((c) => c.id === coresetId)!.versionId)}
          onTrain={onTrain}
          onDrawAgain={again}
          onErase={erase}
        />
      ) : comparisonId !== null ? (
        <ComparisonView
          projectId={projectId}
          comparisonId={comparisonId}
          isReadOnly={isReadOnly}
          onOpen={onOpenCoreset}
          onErase={erase}
          onBack={() => setComparisonId(null)}
        />
      ) : coresets.length === 0 ? (
        datasets.length === 0 ? (
          <EmptyState
            icon={IconTarget}
            title="A coreset starts with a table"
            text="A coreset is a small weighted part of a table that trains nearly the same model in a fraction of the time."
            action={{ label: 'Go to Data', onClick: onOpenData }}
          />
        ) : (
          <EmptyState
            icon={IconTarget}
            title="No coresets yet"
            text="A coreset is a small weighted part of a table that trains nearly the same model in a fraction of the time. Pith measures how near."
            action={{ label: 'Build a coreset', onClick: () => setDialog({}), isDisabled: isReadOnly }}
          />
        )
      ) : (
        <CoresetList
          coresets={coresets}
          datasets={datasets}
          isReadOnly={isReadOnly}
          onOpen={onOpenCoreset}
          onBuild={() => setDialog({})}
          onCompare={() => setIsComparing(true)}
          onOpenComparison={setComparisonId}
        />
      )}
      {isComparing && (
        <CompareDialog
          projectId={projectId}
          datasets={datasets}
          onStarted={setComparisonId}
          onClose={() => setIsComparing(false)}
        />
      )}
      {dialog && (
        <BuildDialog
          projectId={projectId}
          datasets={datasets}
          initial={dialog}
          onStarted={() => void reload()}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
