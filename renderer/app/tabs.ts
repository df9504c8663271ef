import { createStore } from './store.ts';
import { go, type PageName, type Route } from './route.ts';

/** What is open in the centre; `item` null is the list of a section. */
export type Tab = Route;

const open = createStore<readonly Tab[]>([]);
let keptFor: string | null = null;
const MAX_TABS = 12;

export const isSame = (a: Tab, b: Tab): boolean => a.page === b.page && a.item === b.item;
export const useTabs = (): readonly Tab[] => open.use();

const keyOf = (projectId: string) => `pith.tabs.${projectId}`;

/** The tabs of a project as they were left. */
export function showTabsOf(projectId: string | null): void {
  keptFor = projectId;
  const kept = projectId === null ? null : localStorage.getItem(keyOf(projectId));
  open.set(kept === null ? [] : (JSON.parse(kept) as Tab[]));
}

function keep(tabs: readonly Tab[]): void {
  open.set(tabs);
  if (keptFor !== null) localStorage.setItem(keyOf(keptFor), JSON.stringify(tabs));
}

/** Every page but the start page is a tab; the oldest make room. */
export function visit(route: Route): void {
  if (route.page === 'projects' || open.get().some((tab) => isSame(tab, route))) return;
  // The bare Data page shows the newest table until that has an address of its own.
  if (route.page === 'data' && route.item === null) return;
  // A train file that is made takes the place of the form that made it.
  const isMade = route.page === 'train' && route.item !== null;
  const others = isMade ? open.get().filter((tab) => tab.page !== 'train' || tab.item !== null) : open.get();
  keep([...others, route].slice(-MAX_TABS));
}

export function closeTab(tab: Tab, current: Route): void {
  const tabs = open.get();
  const at = tabs.findIndex((t) => isSame(t, tab));
  const left = tabs.filter((_, i) => i !== at);
  keep(left);
  if (!isSame(tab, current)) return;
  const next = left[Math.min(at, left.length - 1)];
  if (next) go(next.page, next.item);
  else go('projects');
}

/** Drops tabs whose item is gone: an erased run, a deleted train file. */
export function keepOnly(isThere: (tab: Tab) => boolean, current: Route): void {
  const left = open.get().filter((tab) => isThere(tab) || isSame(tab, current));
  if (left.length < open.get().length) keep(left);
}

/** The tab `step` places from the current one, around the ends. */
export function stepTab(current: Route, step: 1 | -1): void {
  const tabs = open.get();
  const at = tabs.findIndex((tab) => isSame(tab, current));
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (next) go(next.page, next.item);
}

export const LIST_TITLES: Readonly<Record<PageName, string>> = {
  projects: 'Projects',
  data: 'Data',
  coreset: 'Coresets',
  train: 'New train file',
  runs: 'All runs',
};
