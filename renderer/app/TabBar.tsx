import { IconFile, IconList, IconPoint, IconTable, IconTarget, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { Item } from '../hooks/useItems.ts';
import { useUnsaved } from './unsaved.ts';
import { go, type PageName, type Route } from './route.ts';
import { closeTab, isSame, LIST_TITLES, useTabs, type Tab } from './tabs.ts';

const ICONS: Readonly<Record<PageName, typeof IconFile>> = {
  projects: IconList,
  data: IconTable,
  coreset: IconTarget,
  train: IconFile,
  runs: IconList,
};

/** What is open, in the order it was opened. Arrows walk, Delete closes, the middle button too. */
export function TabBar({ route, items }: { readonly route: Route; readonly items: readonly Item[] | null }) {
  const tabs = useTabs();
  const unsaved = useUnsaved();
  const titleOf = (tab: Tab) =>
    tab.item === null
      ? LIST_TITLES[tab.page]
      : (items?.find((item) => item.page === tab.page && item.id === tab.item)?.title ?? '…');
  const onKey = (event: KeyboardEvent<HTMLElement>, tab: Tab, at: number) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const next = tabs[(at + step + tabs.length) % tabs.length]!;
      go(next.page, next.item);
      const buttons = event.currentTarget.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]');
      buttons?.[(at + step + tabs.length) % tabs.length]?.focus();
    } else if (event.key === 'Delete') closeTab(tab, route);
    else return;
    event.preventDefault();
  };
  return (
    <div className="tab-bar" role="tablist" aria-label="Open" data-region tabIndex={-1}>
      {tabs.map((tab, at) => {
        const Icon = ICONS[tab.page];
        const title = titleOf(tab);
        const isCurrent = isSame(tab, route);
        const isUnsaved = tab.page === 'train' && tab.item !== null && unsaved.has(tab.item);
        return (
          <div
            key={`${tab.page}/${tab.item ?? ''}`}
            className={isCurrent ? 'tab is-current' : 'tab'}
            role="presentation"
            onAuxClick={(event) => event.button === 1 && closeTab(tab, route)}
          >
            <button
              type="button"
              role="tab"
              aria-selected={isCurrent}
              tabIndex={isCurrent ? 0 : -1}
              title={title}
              onClick={() => go(tab.page, tab.item)}
              onKeyDown={(event) => onKey(event, tab, at)}
            >
              <Icon size={14} stroke={1.4} aria-hidden />
              <span className="name">{title}</span>
              {isUnsaved && <IconPoint size={14} fill="currentColor" aria-label="not saved yet" />}
            </button>
            <button
              type="button"
              className="tab-close"
              tabIndex={-1}
              aria-label={`Close ${title}`}
              onClick={() => closeTab(tab, route)}
            >
              <IconX size={12} stroke={1.6} />
            </button>
          </div>
        );
      })}
    </div>
  );
}
