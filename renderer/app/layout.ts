import { createStore } from './store.ts';

export interface Layout {
  readonly isInspectorOpen: boolean;
  readonly isPanelOpen: boolean;
  readonly panelTab: 'jobs' | 'log';
  /** The job whose log is shown; null is the newest. */
  readonly logOf: string | null;
}

const layout = createStore<Layout>({ isInspectorOpen: true, isPanelOpen: false, panelTab: 'jobs', logOf: null });

export const useLayout = (): Layout => layout.use();

export function setLayout(change: Partial<Layout>): void {
  layout.set({ ...layout.get(), ...change });
}

export const toggleInspector = (): void => setLayout({ isInspectorOpen: !layout.get().isInspectorOpen });
export const togglePanel = (): void => setLayout({ isPanelOpen: !layout.get().isPanelOpen });
export const showLog = (jobId: string | null): void => setLayout({ isPanelOpen: true, panelTab: 'log', logOf: jobId });
