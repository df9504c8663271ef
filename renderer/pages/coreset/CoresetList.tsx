import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { CoresetSummary } from '../../../main/contract/coreset.ts';
import type { Dataset } from '../../../main/contract/data.ts';
import { formatCount } from '../../charts/format.ts';
import { CoresetTable } from './CoresetTable.tsx';
import { serviceLabel } from './services.ts';

/** All coresets of the project. */
export function CoresetList({
  coresets,
  datasets,
  isReadOnly,
  onOpen,
  onBuild,
  onCompare,
  onOpenComparison,
}: {
  coresets: readonly CoresetSummary[];
  datasets: readonly Dataset[];
  isReadOnly: boolean;
  onOpen: (id: string) => void;
  onBuild: () => void;
  onCompare: () => void;
  onOpenComparison: (comparisonId: string) => void;
}) {
  const nameOf = (versionId: string) =>
    datasets.find((d) => d.versions.some((v) => v.id === versionId))?.name ?? 'removed data';
  return (
    <>
      <header className="runs-toolbar">
        <h1>Coresets</h1>
        <span className="run-hint">{coresets.length}</span>
        <div className="run-actions">
          <Button size="xs" variant="default" disabled={isReadOnly || datasets.length === 0} onClick={onCompare}>
            Compare sizes
          </Button>
          <Button size="xs" leftSection={<IconPlus size={14} stroke={1.6} />} disabled={isReadOnly} onClick={onBuild}>
            Build a coreset
          </Button>
        </div>
      </header>
      <CoresetTable
        rows={coresets}
        before={[
          { head: 'Data', isClip: true, renderCell: (c) => nameOf(c.versionId) },
          { head: 'Serves', renderCell: (c) => serviceLabel(c.service) },
          { head: 'Target', isClip: true, renderCell: (c) => c.target ?? '–' },
        ]}
        after={[
          { head: 'Stands for', isRight: true, renderCell: (c) => formatCount(c.nRowsCovered) },
          { head: 'Levels', isRight: true, renderCell: (c) => c.nLevels },
          { head: 'Edits', isRight: true, renderCell: (c) => c.nEdits },
        ]}
        renderActions={(c) =>
          c.comparisonId !== undefined && (
            <button type="button" className="pith-link" onClick={() => onOpenComparison(c.comparisonId!)}>
              comparison
            </button>
          )
        }
        onOpen={onOpen}
      />
    </>
  );
}
