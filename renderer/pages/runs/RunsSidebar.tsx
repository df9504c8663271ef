import { useCallback } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import { formatValue } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { SideList } from '../run/SideList.tsx';
import { useReading } from '../run/useReading.ts';
import { headline, rowsUsed } from './runTable.ts';

/** Runs by the data set they are about, newest first, with their headline numbers. */
export function RunsSidebar({
  projectId,
  runId,
  onOpenRun,
}: {
  projectId: string;
  runId: string | null;
  onOpenRun: (runId: string) => void;
}) {
  const read = useCallback(() => call('run.list', { projectId }), [projectId]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'runs',
    [projectId],
  );
  const { value: runs } = useReading(read, isAbout);
  const groups = new Map<string, NonNullable<typeof runs>>();
  for (const run of [...(runs ?? [])].sort((a, b) => b.number - a.number)) {
    const key = [run.dataset, run.target].filter(Boolean).join(' · ');
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  if (runs && runs.length === 0) return <SideList title="Runs" items={[]} empty="No runs yet." onOpen={onOpenRun} />;
  return [...groups].map(([title, own]) => (
    <SideList
      key={title}
      title={title}
      selectedId={runId}
      onOpen={onOpenRun}
      items={own.map((run) => {
        const rows = rowsUsed(run);
        const value = headline(run)?.value;
        return {
          id: run.id,
          title: run.name,
          detail: `${run.modelTitle} · ${rows.text}`,
          dot: run.status === 'done' ? rows.kind : ('light' as const),
          end: value === undefined ? (run.status === 'done' ? undefined : run.status) : formatValue(value, 3),
        };
      })}
    />
  ));
}
