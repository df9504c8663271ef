import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconFilter, IconListDetails, IconTrash } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { RunSummary } from '../../../main/contract/run.ts';
import { useOffer } from '../../app/pageCommands.ts';
import { perform } from '../../app/undo.ts';
import { showUndoNote } from '../../app/undoNote.tsx';
import { call } from '../../client/engine.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { useReading } from '../run/useReading.ts';
import { ComparePanel } from './ComparePanel.tsx';
import { EditRunDialog } from './EditRunDialog.tsx';
import { RunsTable } from './RunsTable.tsx';
import { bestRun, commonMetric, matches, sortRuns, type RunSort, type SortKey } from './runTable.ts';
import { StudyPanel } from './StudyPanel.tsx';
import '../run/run.css';
import './runs.css';

export interface RunsViewProps {
  readonly projectId: string;
  readonly isReadOnly: boolean;
  readonly onOpenRun: (runId: string) => void;
  readonly onOpenTrain: () => void;
}

/** All runs of the project: sorted, filtered, compared, put in the trash and taken out again. */
export function RunsView({ projectId, isReadOnly, onOpenRun, onOpenTrain }: RunsViewProps) {
  const [isTrash, setIsTrash] = useState(false);
  const [query, setQuery] = useState('');
  const [sort, setSort] = useState<RunSort>({ key: 'number', isDescending: true });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isComparing, setIsComparing] = useState(false);
  const [editing, setEditing] = useState<{ run: RunSummary; what: 'name' | 'tags' | 'note' } | null>(null);

  const read = useCallback(() => call('run.list', { projectId, isTrashed: isTrash }), [projectId, isTrash]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'runs',
    [projectId],
  );
  const { value: runs, error, reload, setError } = useReading(read, isAbout);

  const shown = useMemo(
    () =>
      sortRuns(
        (runs ?? []).filter((r) => matches(r, query)),
        sort,
      ),
    [runs, query, sort],
  );
  const metric = useMemo(() => commonMetric(runs ?? []), [runs]);
  const baseline = useMemo(() => (runs ?? []).find((r) => r.tags.includes('baseline')) ?? null, [runs]);
  const best = useMemo(() => bestRun(shown), [shown]);
  const allTags = useMemo(() => [...new Set((runs ?? []).flatMap((r) => r.tags))].sort(), [runs]);

  const act = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await reload();
    } catch (cause) {
      setError(cause);
    }
  };
  const restore = (run: RunSummary) =>
    void act(() =>
      perform({
        label: `take ${run.name} out of the trash`,
        redo: () => call('run.restore', { projectId, runId: run.id }),
        undo: () => call('run.trash', { projectId, runId: run.id }),
      }),
    );
  const trash = (chosen: readonly RunSummary[]) => {
    const each = (channel: 'run.trash' | 'run.restore') =>
      Promise.all(chosen.map(({ id }) => call(channel, { projectId, runId: id })));
    const names = chosen.length === 1 ? chosen[0]!.name : `${chosen.length} runs`;
    void act(async () => {
      await perform({
        label: `move ${names} to the trash`,
        redo: () => each('run.trash'),
        undo: () => each('run.restore'),
      });
      setSelected(new Set());
      showUndoNote(
        <>
          {names} {chosen.length === 1 ? 'is' : 'are'} in the trash.
        </>,
      );
    });
  };
  const erase = (run: RunSummary) =>
    modals.openConfirmModal({
      title: `Delete ${run.name} for ever?`,
      children: (
        <p className="dialog-text">Its record, metrics and model are removed from the disk. This cannot be undone.</p>
      ),
      labels: { confirm: 'Delete for ever', cancel: 'Keep it' },
      confirmProps: { color: 'red', size: 'xs' },
      cancelProps: { size: 'xs' },
      onConfirm: () => void act(() => call('run.erase', { projectId, runId: run.id })),
    });
  const save = async (value: { name: string; tags: string[]; note: string }) => {
    if (!editing) return;
    const { run } = editing;
    const write = async (next: typeof value) => {
      const of = { projectId, runId: run.id };
      if (value.name !== run.name) await call('run.rename', { ...of, name: next.name });
      if (value.tags.join('\n') !== run.tags.join('\n')) await call('run.tag', { ...of, tags: next.tags });
      if (value.note !== run.note) await call('run.note', { ...of, note: next.note });
    };
    const before = { name: run.name, tags: [...run.tags], note: run.note };
    await act(() => perform({ label: `change ${run.name}`, redo: () => write(value), undo: () => write(before) }));
    setEditing(null);
  };
  const nSelected = selected.size;
  const offer = useMemo(
    () => [
      {
        id: 'runs.compare',
        label: 'Compare the selected runs',
        keys: null,
        group: 'Runs of this project',
        isDisabled: nSelected < 2,
        run: () => setIsComparing(true),
      },
      {
        id: 'runs.trash',
        label: isTrash ? 'Show the runs' : 'Show the trash',
        keys: null,
        group: 'Runs of this project',
        run: () => setIsTrash(!isTrash),
      },
    ],
    [nSelected, isTrash],
  );
  useOffer(offer);
  const onSort = (key: SortKey) =>
    setSort((was) => ({ key, isDescending: was.key === key ? !was.isDescending : key !== 'name' && key !== 'model' }));

  if (!runs)
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void reload()} />
    ) : (
      <LoadingState label="Reading the runs" />
    );
  if (runs.length === 0 && !isTrash) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="No runs yet"
        text="Each training is recorded here with its configuration, data version and metrics, ready to be compared."
        action={{ label: 'Train a model', onClick: onOpenTrain }}
        secondary={{ label: 'Show the trash', onClick: () => setIsTrash(true) }}
      />
    );
  }
  const chosen = shown.filter((r) => selected.has(r.id));
  const single = chosen.length === 1 ? chosen[0]! : chosen.length === 0 ? best : null;
  return (
    <div className="runs-page">
      <header className="runs-toolbar">
        <h1>{isTrash ? 'Trash' : 'Runs'}</h1>
        <span className="run-hint">
          {shown.length === runs.length ? runs.length : `${shown.length} of ${runs.length}`}
        </span>
        <div className="run-actions">
          <TextInput
            size="xs"
            w={260}
            aria-label="Filter the runs"
            title="Words, or model:boosting, tag:candidate, -state:failed"
            placeholder="Filter, such as tag:candidate"
            leftSection={<IconFilter size={14} stroke={1.4} />}
            value={query}
            onChange={(e) => setQuery(e.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            data={[
              { value: 'kept', label: 'Runs' },
              { value: 'trash', label: 'Trash' },
            ]}
            value={isTrash ? 'trash' : 'kept'}
            onChange={(v) => {
              setIsTrash(v === 'trash');
              setSelected(new Set());
            }}
          />
          {!isTrash && chosen.length > 0 && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconTrash size={14} stroke={1.4} />}
              disabled={isReadOnly || chosen.some(isBusy)}
              onClick={() => trash(chosen)}
            >
              Move to trash
            </Button>
          )}
          <Button
            size="xs"
            disabled={chosen.length < 2}
            onClick={() => setIsComparing(true)}
            title={chosen.length < 2 ? 'Select two runs or more' : ''}
          >
            Compare {chosen.length >= 2 ? chosen.length : ''}
          </Button>
        </div>
      </header>
      {error !== null && <ErrorState error={error} />}
      <div className="runs-body">
        <div className="pith-scroll runs-scroll">
          <RunsTable
            runs={shown}
            metric={metric}
            baseline={baseline}
            selected={selected}
            sort={sort}
            isTrash={isTrash}
            isReadOnly={isReadOnly}
            onSort={onSort}
            onSelect={setSelected}
            onOpen={(run) => onOpenRun(run.id)}
            onEdit={(run, what) => setEditing({ run, what })}
            onTrash={(run) => trash([run])}
            onRestore={restore}
            onErase={erase}
          />
          {shown.length === 0 && (
            <p className="runs-none">
              {isTrash && runs.length === 0 ? 'The trash is empty.' : 'No run matches the filter.'}
            </p>
          )}
        </div>
        {isComparing && chosen.length >= 2 ? (
          <ComparePanel projectId={projectId} runIds={chosen.map((r) => r.id)} onClose={() => setIsComparing(false)} />
        ) : (
          single && <StudyPanel key={single.id} projectId={projectId} run={single} />
        )}
      </div>
      {editing && (
        <EditRunDialog
          run={editing.run}
          what={editing.what}
          allTags={allTags}
          onSave={save}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}

const isBusy = (run: RunSummary): boolean => run.status === 'running' || run.status === 'queued';
