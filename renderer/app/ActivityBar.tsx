import { Tooltip } from '@mantine/core';
import { IconChartLine, IconFolder, IconList, IconTable, IconTargetArrow } from '@tabler/icons-react';
import type { Job } from '../../main/contract/jobs.ts';
import { SECTION_TITLES } from './commands.ts';
import { goToSection, PAGES, type PageName } from './route.ts';
import { printKeys } from './shortcut.ts';

const ICONS: Readonly<Record<PageName, typeof IconFolder>> = {
  projects: IconFolder,
  data: IconTable,
  coreset: IconTargetArrow,
  train: IconChartLine,
  runs: IconList,
};
/** Jobs are counted on the section that shows their outcome. */
const SECTION_OF_JOB: Partial<Record<Job['kind'], PageName>> = {
  import: 'data',
  sample: 'data',
  coreset: 'coreset',
  fidelity: 'coreset',
  run: 'runs',
};

export interface ActivityBarProps {
  readonly page: PageName;
  readonly hasProject: boolean;
  readonly jobs: readonly Job[];
}

/** The sections of the studio; a number on one counts its running jobs. */
export function ActivityBar({ page, hasProject, jobs }: ActivityBarProps) {
  const active = jobs.filter(({ state }) => state.status === 'running' || state.status === 'queued');
  return (
    <nav className="activity-bar" aria-label="Sections" data-region tabIndex={-1}>
      {PAGES.map((name, i) => {
        const Icon = ICONS[name];
        const title = SECTION_TITLES[name];
        const nActive = active.filter((job) => SECTION_OF_JOB[job.kind] === name).length;
        return (
          <Tooltip key={name} label={`${title}  ${printKeys(`Mod+${i + 1}`)}`} position="right" openDelay={400}>
            <button
              type="button"
              aria-label={title}
              aria-current={name === page ? 'page' : undefined}
              disabled={!hasProject && name !== 'projects'}
              onClick={() => goToSection(name)}
            >
              <Icon size={20} stroke={1.6} />
              {nActive > 0 && <span className="activity-count">{nActive}</span>}
            </button>
          </Tooltip>
        );
      })}
    </nav>
  );
}
