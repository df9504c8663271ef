import { ActionIcon, Menu } from '@mantine/core';
import { IconLayoutSidebarRight, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import type { Command } from './commands.ts';
import { printKeys } from './shortcut.ts';
import { toggleInspector } from './layout.ts';

/** A null is a line between groups. */
const MENUS: readonly { readonly title: string; readonly ids: readonly (string | null)[] }[] = [
  { title: 'File', ids: ['data.open', 'train.new', null, 'project.new', 'project.open', null, 'tab.close'] },
  { title: 'Edit', ids: ['edit.undo', 'edit.redo'] },
  { title: 'View', ids: ['view.palette', 'view.jobs', 'view.log', 'view.inspector', null, 'view.theme'] },
  {
    title: 'Go',
    ids: ['go.projects', 'go.data', 'go.coreset', 'go.train', 'go.runs', null, 'tab.next', 'tab.previous'],
  },
  { title: 'Run', ids: ['run.start', 'run.predict', 'run.export'] },
  { title: 'Help', ids: ['help.shortcuts'] },
];

/** What a menu shows greyed while the open page does not offer it. */
const ELSEWHERE: Readonly<Record<string, Pick<Command, 'label' | 'keys'>>> = {
  'run.start': { label: 'Start run', keys: 'Mod+Enter' },
  'run.predict': { label: 'Predict a file…', keys: null },
  'run.export': { label: 'Export as ONNX…', keys: null },
};

export interface TitleBarProps {
  readonly commands: readonly Command[];
  readonly isDark: boolean;
}

/** Menus, the palette's field, and the switches of the window. */
export function TitleBar({ commands, isDark }: TitleBarProps) {
  const run = (id: string) => commands.find((command) => command.id === id)?.run();
  return (
    <header className="title-bar" data-region tabIndex={-1} aria-label="Title bar">
      <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden>
        <circle cx="16" cy="16" r="13" fill="none" stroke="currentColor" strokeWidth="3.5" />
        <circle cx="16" cy="16" r="6" fill="var(--accent)" />
      </svg>
      <nav aria-label="Menus">
        {MENUS.map((menu) => (
          <Menu key={menu.title} position="bottom-start" offset={2} shadow="md" width={250}>
            <Menu.Target>
              <button type="button" className="menu-button">
                {menu.title}
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {menu.ids.map((id, i) => {
                // oxlint-disable-next-line react/no-array-index-key -- lines have no name
                if (id === null) return <Menu.Divider key={i} />;
                const command = commands.find((c) => c.id === id);
                const { label, keys } = command ?? ELSEWHERE[id] ?? { label: id, keys: null };
                return (
                  <Menu.Item
                    key={id}
                    onClick={command?.run}
                    disabled={!command || command.isDisabled === true}
                    rightSection={keys !== null && <kbd>{printKeys(keys)}</kbd>}
                  >
                    {label}
                  </Menu.Item>
                );
              })}
            </Menu.Dropdown>
          </Menu>
        ))}
      </nav>
      <button type="button" className="palette-field" onClick={() => run('view.palette')}>
        <IconSearch size={14} aria-hidden /> <span>Search or run a command</span>
        <kbd>{printKeys('Mod+K')}</kbd>
      </button>
      <span className="title-tools">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isDark ? 'Switch to light' : 'Switch to dark'}
          title={isDark ? 'Switch to light' : 'Switch to dark'}
          onClick={() => run('view.theme')}
        >
          {isDark ? <IconSun size={16} /> : <IconMoon size={16} />}
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Inspector"
          title={`Inspector  ${printKeys('Mod+I')}`}
          onClick={toggleInspector}
        >
          <IconLayoutSidebarRight size={16} />
        </ActionIcon>
      </span>
    </header>
  );
}
