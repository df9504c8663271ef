import { ActionIcon } from '@mantine/core';
import { IconFile, IconPlayerPlay, IconPlus, IconTrash } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { tell } from '../../app/tell.ts';
import { perform } from '../../app/undo.ts';
import { showUndoNote } from '../../app/undoNote.tsx';
import { call } from '../../client/engine.ts';
import { SideList } from '../run/SideList.tsx';
import { useReading } from '../run/useReading.ts';
import { readValues, valueAt } from './form/values.ts';

export interface TrainSidebarProps {
  readonly projectId: string;
  readonly isReadOnly: boolean;
  readonly jobs: readonly Job[];
  readonly fileName: string | null;
  readonly onOpenFile: (name: string | null) => void;
  readonly onOpenRun: (runId: string) => void;
}

/** Train files of the project, and what is running. */
export function TrainSidebar({ projectId, isReadOnly, jobs, fileName, onOpenFile, onOpenRun }: TrainSidebarProps) {
  const read = useCallback(() => call('config.files', { projectId }), [projectId]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'configs',
    [projectId],
  );
  const { value: files, reload } = useReading(read, isAbout);
  const running = jobs.filter(
    (j) =>
      j.kind === 'run' &&
      j.projectId === projectId &&
      j.runId !== null &&
      (j.state.status === 'running' || j.state.status === 'queued'),
  );
  const remove = (name: string, yaml: string) => {
    perform({
      label: `delete ${name}`,
      redo: () => call('config.removeFile', { projectId, name }),
      undo: () => call('config.save', { projectId, name, yaml }),
    }).then(() => {
      showUndoNote(<>{name} is deleted. Runs that were started from it keep their configuration.</>);
      if (name === fileName) onOpenFile(null);
      return reload();
    }, tell);
  };
  return (
    <>
      <SideList
        title="Train files"
        icon={IconFile}
        selectedId={fileName}
        empty="None yet: choose a target to get one proposed."
        onOpen={onOpenFile}
        items={(files ?? []).map((f) => ({
          id: f.name,
          title: f.name,
          detail: describe(f.yaml),
          tools: !isReadOnly && (
            <ActionIcon
              size="sm"
              mr={8}
              variant="subtle"
              color="gray"
              aria-label={`Delete ${f.name}`}
              onClick={() => remove(f.name, f.yaml)}
            >
              <IconTrash size={14} stroke={1.4} />
            </ActionIcon>
          ),
        }))}
      />
      {fileName !== null && (
        <SideList
          title="New"
          icon={IconPlus}
          onOpen={() => onOpenFile(null)}
          items={[{ id: 'new', title: 'Propose a configuration' }]}
        />
      )}
      <SideList
        title="Running"
        icon={IconPlayerPlay}
        onOpen={onOpenRun}
        items={running.map((j) => ({
          id: j.runId!,
          title: j.title,
          fraction: j.state.status === 'running' ? j.state.fraction : 0,
          end:
            j.state.status === 'running' && j.state.fraction !== null
              ? `${Math.floor(j.state.fraction * 100)} %`
              : 'waiting',
        }))}
      />
    </>
  );
}

/** "logisticRegression · income": model and target of a file, as far as it can be read. */
function describe(yaml: string): string {
  const values = readValues(yaml);
  const parts = [valueAt(values, 'model.type'), valueAt(values, 'data.target')].filter((p) => typeof p === 'string');
  return parts.join(' · ');
}
