import { IconTable } from '@tabler/icons-react';
import type { ColumnProfile, Dataset, DataVersion } from '../../../main/contract/data.ts';
import { go } from '../../app/route.ts';
import { TypeIcon } from './TypeIcon.tsx';

export interface DataSidebarProps {
  readonly datasets: readonly Dataset[];
  readonly version: DataVersion;
  readonly profile: readonly ColumnProfile[] | null;
  readonly column: string | null;
  readonly onColumn: (name: string) => void;
}

/** Tables, the versions of the open one, its columns. */
export function DataSidebar({ datasets, version, profile, column, onColumn }: DataSidebarProps) {
  const open = datasets.find((d) => d.id === version.datasetId);
  const missing = new Map(profile?.map((p) => [p.name, p.nMissing]));
  return (
    <aside className="sidebar" aria-label="Data" data-region tabIndex={-1}>
      <div className="panel-head">Data</div>
      <div className="side-label">
        <span>Tables</span>
        <span>{datasets.length}</span>
      </div>
      {datasets.map((dataset) => (
        <button
          type="button"
          key={dataset.id}
          className="side-row"
          aria-current={dataset.id === version.datasetId ? 'true' : undefined}
          onClick={() => go('data', dataset.versions[0]?.id ?? null)}
        >
          <IconTable size={14} aria-hidden />
          <span className="name">{dataset.name}</span>
          <span className="muted num">{dataset.versions[0]?.nRows.toLocaleString('en')}</span>
        </button>
      ))}
      {open && (
        <>
          <div className="side-label">
            <span>Versions of {open.name}</span>
          </div>
          {open.versions.map((v) => (
            <button
              type="button"
              key={v.id}
              className="side-row"
              aria-current={v.id === version.id ? 'true' : undefined}
              onClick={() => go('data', v.id)}
            >
              <code>{v.hash.slice(0, 7)}</code>
              <span className="name muted">{v.note}</span>
              <span className="muted">{v.createdAt.slice(0, 10)}</span>
            </button>
          ))}
        </>
      )}
      <div className="side-label">
        <span>Columns</span>
        <span>{version.columns.length}</span>
      </div>
      {version.columns.map(({ name, type }) => (
        <button
          type="button"
          key={name}
          className="side-row"
          aria-pressed={name === column}
          onClick={() => onColumn(name)}
        >
          <TypeIcon type={type} />
          <span className="name">{name}</span>
          {(missing.get(name) ?? 0) > 0 && (
            <span className="is-warn num">{missing.get(name)?.toLocaleString('en')}</span>
          )}
        </button>
      ))}
    </aside>
  );
}
