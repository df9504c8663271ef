import { useSyncExternalStore } from 'react';

export interface Layout {
  readonly isInspectorOpen: boolean;
  readonly isPanelOpen: boolean;
}

let layout: Layout = { isInspectorOpen: true, isPanelOpen: false };
const listeners = new Set<() => void>();

export function setLayout(change: Partial<Layout>): void {
  layout = { ...layout, ...change };
  for (const listener of listeners) listener();
}

export const toggleInspector = (): void => setLayout({ isInspectorOpen: !layout.isInspectorOpen });
export const togglePanel = (): void => setLayout({ isPanelOpen: !layout.isPanelOpen });

export function useLayout(): Layout {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => layout,
  );
}
