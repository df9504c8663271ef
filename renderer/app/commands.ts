import { notifications } from '@mantine/notifications';
import { chooseFile, type ChosenFile } from '../client/engine.ts';
import { shell } from '../client/shell.ts';
import { toggleInspector, togglePanel } from './layout.ts';
import { go, PAGES, type PageName } from './route.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly keys: string | null;
  readonly run: () => void;
}

export interface CommandTargets {
  readonly importFile: (file: ChosenFile) => void;
  readonly newProject: () => void;
  readonly openPalette: () => void;
  readonly toggleTheme: () => void;
}

const TITLES: Readonly<Record<PageName, string>> = {
  projects: 'Projects',
  data: 'Data',
  coreset: 'Coresets',
  train: 'Train',
  runs: 'Runs',
};

export const isMac = shell ? shell.platform === 'darwin' : navigator.userAgent.includes('Mac');
export const modifier = isMac ? '⌘' : 'Ctrl';

/** Everything the palette, the menus and the keyboard can do. */
export function buildCommands(targets: CommandTargets): Command[] {
  return [
    { id: 'data.open', label: 'Open table…', keys: 'O', run: () => void openTable(targets.importFile) },
    { id: 'project.new', label: 'New project…', keys: null, run: targets.newProject },
    { id: 'project.open', label: 'Open project…', keys: null, run: () => go('projects') },
    ...PAGES.map((page, i) => ({
      id: `go.${page}`,
      label: `Go to ${TITLES[page]}`,
      keys: String(i + 1),
      run: () => go(page),
    })),
    { id: 'view.palette', label: 'Command palette', keys: 'K', run: targets.openPalette },
    { id: 'view.jobs', label: 'Jobs panel', keys: 'J', run: togglePanel },
    { id: 'view.inspector', label: 'Inspector', keys: 'I', run: toggleInspector },
    { id: 'view.theme', label: 'Switch between light and dark', keys: null, run: targets.toggleTheme },
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

/** A failure with no page of its own to show it. */
export function tell(cause: unknown): void {
  notifications.show({
    color: 'red',
    title: 'That did not work',
    message: cause instanceof Error ? cause.message : String(cause),
  });
}
