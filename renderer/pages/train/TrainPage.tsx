import { useCallback, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RunDetail } from '../../../main/contract/run.ts';
import { saveTrainFile } from '../../app/saveTrainFile.ts';
import { call } from '../../client/engine.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { IconTable } from '@tabler/icons-react';
import { useReading } from '../run/useReading.ts';
import { flatten } from './describePatch.ts';
import type { SchemaNode } from './editor/schemaWalk.ts';
import { patchYaml } from '../../../main/contract/patchYaml.ts';
import { LivePanel } from './LivePanel.tsx';
import { ProposePanel } from './ProposePanel.tsx';
import { TrainEditor } from './TrainEditor.tsx';
import '../run/run.css';
import './train.css';

export interface ConfigFile {
  readonly name: string;
  readonly yaml: string;
  readonly updatedAt: string;
}

export interface TrainViewProps {
  readonly projectId: string;
  readonly isReadOnly: boolean;
  readonly jobs: readonly Job[];
  /** Name of the open train file; null shows the proposal of a new one. */
  readonly fileName: string | null;
  readonly onOpenFile: (name: string | null) => void;
  readonly onOpenRun: (runId: string) => void;
  readonly onOpenData: () => void;
}

/** Train: a configuration file and its form, and the run that is fitting. */
export function TrainView({
  projectId,
  isReadOnly,
  jobs,
  fileName,
  onOpenFile,
  onOpenRun,
  onOpenData,
}: TrainViewProps) {
  const [startError, setStartError] = useState<unknown>(null);
  const [isStarting, setIsStarting] = useState(false);
  const [runId, setRunId] = useState<string | null>(null);
  const [text, setText] = useState('');
  // A patch from a finding replaces the text of an open editor, which otherwise keeps its own.
  const [generation, setGeneration] = useState(0);

  const read = useCallback(async () => {
    const [files, datasets, estimators, schema] = await Promise.all([
      call('config.files', { projectId }),
      call('data.list', { projectId }),
      call('config.estimators', {}),
      call('config.schema', {}),
    ]);
    return { files, datasets, estimators, schema: schema as SchemaNode };
  }, [projectId]);
  const isAbout = useCallback(
    (event: EngineEvent) =>
      event.type === 'changed' && event.projectId === projectId && (event.what === 'data' || event.what === 'configs'),
    [projectId],
  );
  const { value: loaded, error, reload } = useReading(read, isAbout);

  const start = useCallback(
    async (yaml: string) => {
      setIsStarting(true);
      setStartError(null);
      try {
        const started = await call('run.start', { projectId, yaml });
        setRunId(started.runId);
      } catch (cause) {
        setStartError(cause);
      } finally {
        setIsStarting(false);
      }
    },
    [projectId],
  );
  const saveAs = async (yaml: string, wanted: string) => {
    const name = await saveTrainFile(projectId, wanted, yaml);
    await reload();
    onOpenFile(name);
    return name;
  };
  const use = (yaml: string, name: string, isStarted: boolean) => {
    saveAs(yaml, name)
      .then(() => (isStarted ? start(yaml) : undefined))
      .catch((cause: unknown) => setStartError(cause));
  };

  const isRunning = (job: Job) =>
    job.kind === 'run' &&
    job.projectId === projectId &&
    (job.state.status === 'running' || job.state.status === 'queued');
  const liveRunId = runId ?? jobs.find(isRunning)?.runId ?? null;
  const apply = (patch: Readonly<Record<string, unknown>>, isRetrain: boolean, run: RunDetail) => {
    const base = text === '' ? run.yaml : text;
    const yaml = patchYaml(base, flatten(patch));
    if (fileName === null) use(yaml, run.name, isRetrain);
    else {
      call('config.save', { projectId, name: fileName, yaml })
        .then(reload)
        .then(() => setGeneration((g) => g + 1))
        .then(() => (isRetrain ? start(yaml) : undefined))
        .catch((cause: unknown) => setStartError(cause));
    }
  };

  if (!loaded)
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void reload()} />
    ) : (
      <LoadingState label="Reading train files" />
    );
  if (loaded.datasets.length === 0) {
    return (
      <EmptyState
        icon={IconTable}
        title="Training starts with a table"
        text="Import a file first; then choose the column to predict and Pith proposes a configuration."
        action={{ label: 'Go to Data', onClick: onOpenData }}
      />
    );
  }
  const file = loaded.files.find((f) => f.name === fileName);
  return (
    <div className={liveRunId === null ? 'train-page is-alone' : 'train-page'}>
      <div className="train-centre">
        {startError !== null && <ErrorState error={startError} />}
        {file ? (
          <TrainEditor
            key={`${file.name}/${generation}`}
            projectId={projectId}
            name={file.name}
            initial={file.yaml}
            isReadOnly={isReadOnly}
            datasets={loaded.datasets}
            estimators={loaded.estimators}
            schema={loaded.schema}
            isStarting={isStarting}
            onStart={(yaml) => void start(yaml)}
            onText={setText}
          />
        ) : (
          <div className="train-scroll">
            <ProposePanel projectId={projectId} datasets={loaded.datasets} isReadOnly={isReadOnly} onUse={use} />
          </div>
        )}
        {liveRunId !== null && <LivePanel.Charts projectId={projectId} runId={liveRunId} />}
      </div>
      {liveRunId !== null && (
        <LivePanel.Aside
          projectId={projectId}
          runId={liveRunId}
          job={jobs.find((j) => j.runId === liveRunId)}
          yaml={text}
          isReadOnly={isReadOnly}
          onApply={apply}
          onOpenRun={onOpenRun}
        />
      )}
    </div>
  );
}
