import { Tooltip } from '@mantine/core';
import { IconChartLine, IconFolder, IconList, IconTable, IconTargetArrow } from '@tabler/icons-react';
import { modifier } from './commands.ts';
import { goToSection, PAGES, type PageName } from './route.ts';

const LOOKS = {
  projects: { title: 'Projects', icon: IconFolder },
  data: { title: 'Data', icon: IconTable },
  coreset: { title: 'Coresets', icon: IconTargetArrow },
  train: { title: 'Train', icon: IconChartLine },
  runs: { title: 'Runs', icon: IconList },
} as const;

/** The sections of the studio. */
export function ActivityBar({ page, hasProject }: { readonly page: PageName; readonly hasProject: boolean }) {
  return (
    <nav className="activity-bar" aria-label="Sections" data-region tabIndex={-1}>
      {PAGES.map((name, i) => {
        const { title, icon: Icon } = LOOKS[name];
        return (
          <Tooltip key={name} label={`${title}  ${modifier}+${i + 1}`} position="right" openDelay={400}>
            <button
              type="button"
              aria-label={title}
              aria-current={name === page ? 'page' : undefined}
              disabled={!hasProject && name !== 'projects'}
              onClick={() => goToSection(name)}
            >
              <Icon size={20} stroke={1.6} />
            </button>
          </Tooltip>
        );
      })}
    </nav>
  );
}
