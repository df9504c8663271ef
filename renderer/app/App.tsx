import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { ChosenFile } from '../client/engine.ts';
import { useItems } from '../hooks/useItems.ts';
import { useJobs } from '../hooks/useJobs.ts';
import { useProject } from '../hooks/useProject.ts';
import { ImportDialog } from '../pages/data/ImportDialog.tsx';
import { NewProjectDialog } from '../pages/start/NewProjectDialog.tsx';
import { ActivityBar } from './ActivityBar.tsx';
import { buildCommands } from './commands.ts';
import { DropTarget } from './DropTarget.tsx';
import { JobsPanel } from './JobsPanel.tsx';
import { useLayout } from './layout.ts';
import { usePageCommands } from './pageCommands.ts';
import { fetchPages, PageSwitch } from './PageSwitch.tsx';
import { Palette } from './Palette.tsx';
import { forgetItems, useRoute } from './route.ts';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TabBar } from './TabBar.tsx';
import { keepOnly, showTabsOf, visit } from './tabs.ts';
import { TitleBar } from './TitleBar.tsx';
import { forgetDeeds, useHistory } from './undo.ts';
import { useJobNotices } from './useJobNotices.tsx';
import { useShell } from './useShell.ts';
import { useShortcuts } from './useShortcuts.ts';

/** The window: title bar, sections, tabs, the page, jobs, status. */
export function App() {
  const route = useRoute();
  const { project } = useProject();
  const projectId = project?.id ?? null;
  const jobs = useJobs();
  const items = useItems(projectId);
  const history = useHistory();
  const pageCommands = usePageCommands();
  const { isInspectorOpen } = useLayout();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [isNaming, setNaming] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');

  // tokens.css reads the theme from the root element, as the kit keeps it in an attribute of its own.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = scheme;
  }, [scheme]);
  useLayoutEffect(() => {
    forgetItems();
    forgetDeeds();
    showTabsOf(projectId);
  }, [projectId]);
  useLayoutEffect(() => {
    if (projectId !== null) visit(route);
  }, [projectId, route]);
  useEffect(() => {
    const isThere = (page: string, id: string) => items?.some((item) => item.page === page && item.id === id) ?? true;
    if (items) keepOnly((tab) => tab.item === null || isThere(tab.page, tab.item), route);
    // oxlint-disable-next-line react/exhaustive-deps -- only when the items change: a new item is opened before it is listed
  }, [items]);
  useEffect(() => {
    const idle = requestIdleCallback(fetchPages, { timeout: 3000 });
    return () => cancelIdleCallback(idle);
  }, []);
  useJobNotices(jobs, projectId);

  const commands = useMemo(
    () => [
      ...pageCommands.flat(),
      ...buildCommands({
        importFile: setFile,
        newProject: () => setNaming(true),
        openPalette: () => spotlight.open(),
        toggleTheme: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark'),
        showShortcuts: () => setHelpOpen(true),
        history,
        hasProject: project !== null,
      }),
    ],
    [pageCommands, scheme, setColorScheme, history, project],
  );
  useShortcuts(commands);
  useShell(commands, setFile);
  const choose = useCallback(() => commands.find((c) => c.id === 'data.open')?.run(), [commands]);

  return (
    <div className="window" data-inspector={isInspectorOpen ? 'open' : 'closed'}>
      <TitleBar commands={commands} isDark={scheme === 'dark'} />
      <div className="window-body">
        <ActivityBar page={route.page} hasProject={project !== null} jobs={jobs} />
        <div className="window-main">
          <PageSwitch
            route={route}
            jobs={jobs}
            tabs={<TabBar route={route} items={items} />}
            onImport={setFile}
            onChooseFile={choose}
            onNewProject={() => setNaming(true)}
          />
          <JobsPanel jobs={jobs} />
        </div>
      </div>
      <StatusBar project={project} jobs={jobs} route={route} items={items} />
      <Palette commands={commands} items={items} />
      <DropTarget onFile={setFile} />
      {file && <ImportDialog file={file} isFromStart={route.page === 'projects'} onClose={() => setFile(null)} />}
      {isNaming && <NewProjectDialog onClose={() => setNaming(false)} />}
      {isHelpOpen && <ShortcutsDialog commands={commands} onClose={() => setHelpOpen(false)} />}
    </div>
  );
}
