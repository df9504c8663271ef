import { ActionIcon } from '@mantine/core';
import { IconFolder, IconX } from '@tabler/icons-react';
import type { RecentProject } from '../../../main/contract/project.ts';
import { tell } from '../../app/tell.ts';
import { formatValue } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { call } from '../../client/engine.ts';

export interface RecentProjectsProps {
  readonly projects: readonly RecentProject[] | null;
  readonly opening: string | null;
  readonly onOpen: (path: string) => void;
  readonly onChanged: () => void;
}

export function RecentProjects({ projects, opening, onOpen, onChanged }: RecentProjectsProps) {
  if (projects === null) return <div className="start-list is-loading" />;
  if (projects.length === 0) {
    return <p className="start-list pad muted">Nothing yet. Drop a file above, or open a sample to look around.</p>;
  }
  const forget = (path: string) => call('project.forget', { path }).then(onChanged, tell);
  return (
    <ul className="start-list">
      {projects.map((project) => (
        <li key={project.path} className={project.exists ? '' : 'is-gone'}>
          <button
            type="button"
            disabled={!project.exists || opening !== null}
            onClick={() => onOpen(project.path)}
            aria-label={`Open ${project.name}`}
          >
            <IconFolder size={16} aria-hidden />
            <span className="start-name">
              <b>{project.name}</b>
              <span className="muted">{project.exists ? project.path : `${project.path} is not there any more`}</span>
            </span>
            <span className="num muted">
              {project.nRows === null ? '' : `${project.nRows.toLocaleString('en')} × ${project.nColumns ?? '?'}`}
            </span>
            <span className="muted">
              {project.target === null ? (
                ''
              ) : (
                <>
                  target <b>{project.target}</b>
                </>
              )}
            </span>
            <span>
              {project.metric && project.metric.values.length > 1 && (
                <Sparkline values={project.metric.values} label={metricName(project.metric.name).label} />
              )}
            </span>
            <span className="num">
              {project.metric &&
                `${metricName(project.metric.name).label} ${formatValue(project.metric.values.at(-1), 3)}`}
            </span>
            <span className="muted num">{project.openedAt.slice(0, 10)}</span>
          </button>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Take ${project.name} off this list`}
            onClick={() => void forget(project.path)}
          >
            <IconX size={14} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
