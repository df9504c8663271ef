import { chooseFile, type ChosenFile } from '../client/engine.ts';
import { showLog, toggleInspector, togglePanel } from './layout.ts';
import { focusNextRegion } from './regions.ts';
import { go, goToSection, PAGES, parseRoute, type PageName } from './route.ts';
import { closeTab, stepTab } from './tabs.ts';
import { tell } from './tell.ts';
import { redo, undo } from './undo.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** "Mod+Shift+Z"; null when there is no shortcut. */
  readonly keys: string | null;
  readonly run: () => void;
  readonly isDisabled?: boolean;
  /** The words of the palette's group. */
  readonly group?: string;
}

export interface CommandTargets {
  readonly importFile: (file: ChosenFile) => void;
  readonly newProject: () => void;
  readonly openPalette: () => void;
  readonly toggleTheme: () => void;
  readonly showShortcuts: () => void;
  readonly history: { readonly undo: string | null; readonly redo: string | null };
  readonly hasProject: boolean;
}

export const SECTION_TITLES: Readonly<Record<PageName, string>> = {
  projects: 'Projects',
  data: 'Data',
  coreset: 'Coresets',
  train: 'Train',
  runs: 'Runs',
};

const here = () => parseRoute(location.hash);

/** Everything that can be done on any page; what one page adds comes by `useOffer`. */
export function buildCommands(targets: CommandTargets): Command[] {
  const { history, hasProject } = targets;
  const needsProject = { isDisabled: !hasProject };
  return [
    { id: 'data.open', label: 'Open table…', keys: 'Mod+O', run: () => void openTable(targets.importFile) },
    { id: 'project.new', label: 'New project…', keys: 'Alt+N', run: targets.newProject },
    { id: 'project.open', label: 'Open project…', keys: 'Mod+Shift+O', run: () => go('projects') },
    { id: 'train.new', label: 'New train file', keys: null, run: () => go('train'), ...needsProject },
    { id: 'tab.close', label: 'Close tab', keys: 'Alt+W', run: () => closeTab(here(), here()), ...needsProject },
    { id: 'tab.next', label: 'Next tab', keys: 'Alt+PageDown', run: () => stepTab(here(), 1), ...needsProject },
    { id: 'tab.previous', label: 'Previous tab', keys: 'Alt+PageUp', run: () => stepTab(here(), -1), ...needsProject },
    {
      id: 'edit.undo',
      label: history.undo === null ? 'Undo' : `Undo: ${history.undo}`,
      keys: 'Mod+Z',
      run: () => void undo(),
      isDisabled: history.undo === null,
    },
    {
      id: 'edit.redo',
      label: history.redo === null ? 'Redo' : `Redo: ${history.redo}`,
      keys: 'Mod+Shift+Z',
      run: () => void redo(),
      isDisabled: history.redo === null,
    },
    ...PAGES.map((page, i) => ({
      id: `go.${page}`,
      label: `Go to ${SECTION_TITLES[page]}`,
      keys: `Mod+${i + 1}`,
      run: () => goToSection(page),
      isDisabled: page !== 'projects' && !hasProject,
    })),
    { id: 'view.palette', label: 'Command palette', keys: 'Mod+K', run: targets.openPalette },
    { id: 'view.jobs', label: 'Jobs panel', keys: 'Mod+J', run: togglePanel },
    { id: 'view.log', label: 'Log of the last job', keys: null, run: () => showLog(null) },
    { id: 'view.inspector', label: 'Inspector', keys: 'Mod+I', run: toggleInspector },
    { id: 'view.nextRegion', label: 'Next region of the window', keys: 'F6', run: () => focusNextRegion(1) },
    {
      id: 'view.previousRegion',
      label: 'Previous region of the window',
      keys: 'Shift+F6',
      run: () => focusNextRegion(-1),
    },
    { id: 'view.theme', label: 'Switch between light and dark', keys: null, run: targets.toggleTheme },
    { id: 'help.shortcuts', label: 'Keyboard shortcuts', keys: 'Mod+/', run: targets.showShortcuts },
  ];
}

async function openTable(importFile: (file: ChosenFile) => void): Promise<void> {
  try {
    const file = await chooseFile({
      title: 'Open a table',
      extensions: ['csv', 'tsv', 'json', 'jsonl', 'ndjson', 'parquet', 'gz', 'txt', 'data'],
    });
    if (file) importFile(file);
  } catch (cause) {
    tell(cause);
  }
}
