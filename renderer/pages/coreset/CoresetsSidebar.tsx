import { IconTarget } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import { formatCount, formatShare } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { serviceLabel } from './services.ts';
import { SideList } from '../run/SideList.tsx';
import { useReading } from '../run/useReading.ts';

/** Coresets of the project with their measured excess loss. */
export function CoresetsSidebar({
  projectId,
  coresetId,
  onOpenCoreset,
}: {
  projectId: string;
  coresetId: string | null;
  onOpenCoreset: (coresetId: string) => void;
}) {
  const read = useCallback(() => call('coreset.list', { projectId }), [projectId]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'coresets',
    [projectId],
  );
  const { value: coresets } = useReading(read, isAbout);
  return (
    <SideList
      title="Coresets"
      icon={IconTarget}
      selectedId={coresetId}
      empty="None yet."
      onOpen={onOpenCoreset}
      items={(coresets ?? []).map((c) => ({
        id: c.id,
        title: c.name,
        detail: `${serviceLabel(c.service)} · ${formatCount(c.nRows)} rows`,
        end: c.excessLoss === null ? undefined : formatShare(c.excessLoss),
      }))}
    />
  );
}
