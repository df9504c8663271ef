import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useMemo } from 'react';
import type { Item } from '../hooks/useItems.ts';
import type { Command } from './commands.ts';
import { go, type PageName } from './route.ts';
import { printKeys } from './shortcut.ts';

const GROUPS: readonly (readonly [PageName, string])[] = [
  ['data', 'Tables'],
  ['train', 'Train files'],
  ['coreset', 'Coresets'],
  ['runs', 'Runs'],
];

export interface PaletteProps {
  readonly commands: readonly Command[];
  readonly items: readonly Item[] | null;
}

/** Ctrl+K: all commands of this page and of the window, and everything of the project by name. */
export function Palette({ commands, items }: PaletteProps) {
  const actions = useMemo(() => actionsOf(commands, items), [commands, items]);
  return (
    <Spotlight
      shortcut={null}
      scrollable
      maxHeight="min(480px, 70vh)"
      nothingFound="No command and nothing of the project has that name"
      searchProps={{ placeholder: 'Search or run a command' }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.2 }}
      limit={40}
      actions={actions}
    />
  );
}

function actionsOf(commands: readonly Command[], items: readonly Item[] | null): SpotlightActionGroupData[] {
  const able = commands.filter((command) => !command.isDisabled);
  const groupOf = (command: Command) => command.group ?? 'Window';
  const groups: SpotlightActionGroupData[] = [
    ...[...new Set(able.map(groupOf))].map((group) => ({
      group,
      actions: able
        .filter((command) => groupOf(command) === group)
        .map(({ id, label, keys, run }) => ({
          id,
          label,
          onClick: run,
          rightSection: keys === null ? null : <kbd>{printKeys(keys)}</kbd>,
        })),
    })),
    ...GROUPS.map(([page, group]) => ({
      group,
      actions: (items ?? [])
        .filter((item) => item.page === page)
        .map(({ id, title, detail }) => ({
          id: `${page}/${id}`,
          label: title,
          keywords: [detail],
          onClick: () => go(page, id),
          rightSection: <span className="muted">{detail}</span>,
        })),
    })),
  ];
  return groups.filter((group) => group.actions.length > 0);
}
