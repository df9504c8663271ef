import { useSyncExternalStore } from 'react';

/** Pages the studio has; the order is that of the activity bar and of Ctrl+1 … Ctrl+5. */
export const PAGES = ['projects', 'data', 'coreset', 'train', 'runs'] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  readonly page: PageName;
  /** What is open on the page: a version, a coreset, a train file, a run. */
  readonly item: string | null;
}

/** The route lives in the address's hash: back, forward and reload work. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (listener) => {
      addEventListener('hashchange', listener);
      return () => removeEventListener('hashchange', listener);
    },
    () => location.hash,
  );
  return parseRoute(hash);
}

export function parseRoute(hash: string): Route {
  const [page = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  const known = PAGES.find((name) => name === page);
  const item = rest.join('/');
  return { page: known ?? 'projects', item: item === '' ? null : decodeURIComponent(item) };
}

/** What was open on a page last, by page; pages whose bare address is a list of their own are left out. */
const lastItems = new Map<PageName, string>();
const REMEMBERED: readonly PageName[] = ['train', 'coreset', 'data'];

/** Another project: what was open belongs to the former one. */
export const forgetItems = (): void => lastItems.clear();

/** A section of the activity bar: what was open there comes back; once more, and its bare page is shown. */
export function goToSection(page: PageName): void {
  go(page, parseRoute(location.hash).page === page ? null : (lastItems.get(page) ?? null));
}

export function go(page: PageName, item: string | null = null): void {
  if (item !== null && REMEMBERED.includes(page)) lastItems.set(page, item);
  location.hash = item === null ? `/${page}` : `/${page}/${encodeURIComponent(item)}`;
}

/** Gives what is shown an address of its own without a step in the history. */
export function settle(page: PageName, item: string): void {
  if (REMEMBERED.includes(page)) lastItems.set(page, item);
  location.replace(`#/${page}/${encodeURIComponent(item)}`);
}
