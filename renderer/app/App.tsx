import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { ChosenFile } from '../client/engine.ts';
import { shell } from '../client/shell.ts';
import { useJobs } from '../hooks/useJobs.ts';
import { useProject } from '../hooks/useProject.ts';
import { ImportDialog } from '../pages/data/ImportDialog.tsx';
import { NewProjectDialog } from '../pages/start/NewProjectDialog.tsx';
import { ActivityBar } from './ActivityBar.tsx';
import { buildCommands, modifier } from './commands.ts';
import { DropTarget } from './DropTarget.tsx';
import { JobsPanel } from './JobsPanel.tsx';
import { PageSwitch } from './PageSwitch.tsx';
import { forgetItems, useRoute } from './route.ts';
import { StatusBar } from './StatusBar.tsx';
import { TitleBar } from './TitleBar.tsx';
import { useShortcuts } from './useShortcuts.ts';

/** The window: title bar, sections, the page, jobs, status. */
export function App() {
  const route = useRoute();
  const { project } = useProject();
  const jobs = useJobs();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [isNaming, setNaming] = useState(false);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');

  // tokens.css reads the theme from the root element, as the kit keeps it in an attribute of its own.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = scheme;
  }, [scheme]);

  const projectId = project?.id;
  useEffect(forgetItems, [projectId]);

  const openImport = useCallback((chosen: ChosenFile) => setFile(chosen), []);
  const commands = useMemo(
    () =>
      buildCommands({
        importFile: openImport,
        newProject: () => setNaming(true),
        openPalette: () => spotlight.open(),
        toggleTheme: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark'),
      }),
    [openImport, scheme, setColorScheme],
  );
  useShortcuts(commands);

  useEffect(() => {
    if (!shell) return undefined;
    const stopCommands = shell.onCommand((id) => commands.find((command) => command.id === id)?.run());
    const stopFiles = shell.onOpenFile((path) =>
      openImport({ ref: { kind: 'path', path }, name: path.split(/[\\/]/).at(-1) ?? path }),
    );
    return () => {
      stopCommands();
      stopFiles();
    };
  }, [commands, openImport]);

  return (
    <div className="window">
      <TitleBar commands={commands} isDark={scheme === 'dark'} />
      <div className="window-body">
        <ActivityBar page={route.page} hasProject={project !== null} />
        <div className="window-main">
          <PageSwitch
            route={route}
            jobs={jobs}
            onImport={openImport}
            onChooseFile={() => commands.find((c) => c.id === 'data.open')?.run()}
            onNewProject={() => setNaming(true)}
          />
          <JobsPanel jobs={jobs} />
        </div>
      </div>
      <StatusBar project={project} jobs={jobs} />
      <Spotlight
        shortcut={null}
        nothingFound="No command of that name"
        searchProps={{ placeholder: 'Search or run a command' }}
        actions={commands.map((command) => ({
          id: command.id,
          label: command.label,
          onClick: command.run,
          rightSection: command.keys ? <kbd>{`${modifier}+${command.keys}`}</kbd> : null,
        }))}
      />
      <DropTarget onFile={openImport} />
      {file && <ImportDialog file={file} isFromStart={route.page === 'projects'} onClose={() => setFile(null)} />}
      {isNaming && <NewProjectDialog onClose={() => setNaming(false)} />}
    </div>
  );
}
