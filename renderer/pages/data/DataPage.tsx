import { Button } from '@mantine/core';
import { IconChartLine, IconPlus, IconTable } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { DataVersion, Dataset } from '../../../main/contract/data.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { saveTrainFile } from '../../app/saveTrainFile.ts';
import { tell } from '../../app/tell.ts';
import { useLayout } from '../../app/layout.ts';
import { useOffer } from '../../app/pageCommands.ts';
import { go, settle } from '../../app/route.ts';
import { call } from '../../client/engine.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { JobLine } from '../run/JobLine.tsx';
import { useReading } from '../run/useReading.ts';
import { ColumnDetail } from './ColumnDetail.tsx';
import { DataGrid, type GridRow } from './DataGrid.tsx';
import { DataSidebar } from './DataSidebar.tsx';
import { FindingsPanel } from './FindingsPanel.tsx';
import { RowPanel } from './RowPanel.tsx';
import './data.css';

export interface DataPageProps {
  readonly projectId: string;
  readonly isReadOnly: boolean;
  /** The open version; null means the newest. */
  readonly versionId: string | null;
  readonly jobs: readonly Job[];
  readonly onChooseFile: () => void;
}

/** The project's tables: the grid, each column's profile, and what to know before training. */
export function DataPage({ projectId, isReadOnly, versionId, jobs, onChooseFile }: DataPageProps) {
  const read = useCallback(() => call('data.list', { projectId }), [projectId]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'data',
    [projectId],
  );
  const { value: datasets, error, reload } = useReading(read, isAbout);
  const open = datasets && findVersion(datasets, versionId);
  const openId = open?.version.id ?? null;
  useEffect(() => {
    if (versionId === null && openId !== null) settle('data', openId);
  }, [versionId, openId]);
  if (error !== null) return <ErrorState error={error} onRetry={() => void reload()} />;
  if (datasets === null) return <LoadingState label="Reading the tables" />;
  const importing = jobs.filter(
    ({ kind, state, ...job }) =>
      job.projectId === projectId &&
      (kind === 'import' || kind === 'sample') &&
      (state.status === 'running' || state.status === 'queued'),
  );
  if (!open) {
    return (
      <main className="centre is-wide" data-region tabIndex={-1}>
        {importing.length > 0 ? (
          <section className="data-importing" aria-label="Import">
            <h2>The table is being read</h2>
            <p className="muted">It is shown here as soon as its columns are profiled.</p>
            {importing.map((job) => (
              <JobLine key={job.id} job={job} projectId={projectId} />
            ))}
          </section>
        ) : (
          <EmptyState
            icon={IconTable}
            title="No table in this project yet"
            text="Choose a CSV, TSV, JSON or Parquet file, or drop one anywhere in the window. You see how it was read before anything is imported."
            action={{ label: 'Choose file', onClick: onChooseFile, isDisabled: isReadOnly }}
          />
        )}
      </main>
    );
  }
  return (
    <OpenTable
      key={open.version.id}
      {...{ projectId, isReadOnly, datasets, onChooseFile }}
      dataset={open.dataset}
      version={open.version}
    />
  );
}

function findVersion(datasets: readonly Dataset[], versionId: string | null) {
  for (const dataset of datasets) {
    const version = versionId === null ? dataset.versions[0] : dataset.versions.find((v) => v.id === versionId);
    if (version) return { dataset, version };
  }
  return null;
}

interface OpenTableProps {
  readonly projectId: string;
  readonly isReadOnly: boolean;
  readonly datasets: readonly Dataset[];
  readonly dataset: Dataset;
  readonly version: DataVersion;
  readonly onChooseFile: () => void;
}

const never = () => false;
/** Columns that the palette offers by name: a table of 10,000 must not slow it down. */
const MAX_OFFERED = 1000;

function OpenTable({ projectId, isReadOnly, datasets, dataset, version, onChooseFile }: OpenTableProps) {
  const { isInspectorOpen } = useLayout();
  const [column, setColumn] = useState<string | null>(null);
  const [row, setRow] = useState<GridRow | null>(null);
  const [isProposing, setProposing] = useState(false);
  const read = useCallback(() => call('data.profile', { projectId, versionId: version.id }), [projectId, version.id]);
  const { value: profile, error } = useReading(read, never);
  const chosen = profile?.find((p) => p.name === column) ?? null;

  const train = useCallback(async (): Promise<void> => {
    setProposing(true);
    try {
      const { yaml } = await call('config.propose', {
        projectId,
        versionId: version.id,
        ...(column !== null && { target: column }),
      });
      go('train', await saveTrainFile(projectId, dataset.name, yaml));
    } catch (cause) {
      tell(cause);
    } finally {
      setProposing(false);
    }
  }, [projectId, version.id, dataset.name, column]);
  const offer = useMemo(
    () => [
      {
        id: 'data.train',
        label: column === null ? `Train on ${dataset.name}` : `Predict ${column}`,
        keys: null,
        group: 'This table',
        isDisabled: isReadOnly,
        run: (): void => void train(),
      },
      ...version.columns.slice(0, MAX_OFFERED).map(({ name }) => ({
        id: `data.column.${name}`,
        label: `Profile of ${name}`,
        keys: null,
        group: 'This table',
        run: () => setColumn(name),
      })),
    ],
    [column, dataset.name, isReadOnly, train, version],
  );
  useOffer(offer);

  return (
    <>
      <DataSidebar datasets={datasets} version={version} profile={profile} column={column} onColumn={setColumn} />
      <main className="centre data-centre" data-region tabIndex={-1}>
        <div className="toolbar">
          <h1>{dataset.name}</h1>
          <span className="muted">
            {version.nRows.toLocaleString('en')} rows × {version.columns.length} columns
          </span>
          <span className="grow" />
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={onChooseFile} disabled={isReadOnly}>
            Import table
          </Button>
          <Button
            leftSection={<IconChartLine size={14} />}
            loading={isProposing}
            disabled={isReadOnly}
            onClick={() => void train()}
          >
            {column === null ? 'Train on this' : `Predict ${column}`}
          </Button>
        </div>
        {error !== null && <ErrorState error={error} />}
        {/* The heads of the columns need the profile: with it they have their place at once. */}
        {profile === null && error === null ? (
          <LoadingState label="Reading the profile" />
        ) : (
          <DataGrid
            projectId={projectId}
            version={version}
            profile={profile}
            column={column}
            onColumn={setColumn}
            onRow={setRow}
          />
        )}
        {chosen && <ColumnDetail column={chosen} nRows={version.nRows} />}
      </main>
      {isInspectorOpen && (
        <FindingsPanel
          projectId={projectId}
          version={version}
          datasetName={dataset.name}
          target={column}
          isReadOnly={isReadOnly}
        >
          {row && <RowPanel row={row} columns={version.columns} onClose={() => setRow(null)} />}
        </FindingsPanel>
      )}
    </>
  );
}
