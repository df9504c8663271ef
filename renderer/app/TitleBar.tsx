import { ActionIcon, Menu } from '@mantine/core';
import { IconLayoutSidebarRight, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { modifier, type Command } from './commands.ts';
import { toggleInspector } from './layout.ts';

const MENUS: readonly { readonly title: string; readonly ids: readonly string[] }[] = [
  { title: 'File', ids: ['data.open', 'project.new', 'project.open'] },
  { title: 'View', ids: ['view.palette', 'view.jobs', 'view.inspector', 'view.theme'] },
  { title: 'Go', ids: ['go.projects', 'go.data', 'go.coreset', 'go.train', 'go.runs'] },
];

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
          <Menu key={menu.title} position="bottom-start" offset={2} shadow="md" width={230}>
            <Menu.Target>
              <button type="button" className="menu-button">
                {menu.title}
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {menu.ids.map((id) => {
                const command = commands.find((c) => c.id === id);
                return command ? (
                  <Menu.Item
                    key={id}
                    onClick={command.run}
                    rightSection={command.keys && <kbd>{`${modifier}+${command.keys}`}</kbd>}
                  >
                    {command.label}
                  </Menu.Item>
                ) : null;
              })}
            </Menu.Dropdown>
          </Menu>
        ))}
      </nav>
      <button type="button" className="palette-field" onClick={() => run('view.palette')}>
        <IconSearch size={14} aria-hidden /> <span>Search or run a command</span>
        <kbd>{modifier}</kbd>
        <kbd>K</kbd>
      </button>
      <span className="title-tools">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isDark ? 'Switch to light' : 'Switch to dark'}
          onClick={() => run('view.theme')}
        >
          {isDark ? <IconSun size={16} /> : <IconMoon size={16} />}
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Inspector" onClick={toggleInspector}>
          <IconLayoutSidebarRight size={16} />
        </ActionIcon>
      </span>
    </header>
  );
}
