import type { EngineEvent } from '../../main/contract/channels.ts';
import type { Reply } from '../../main/contract/wire.ts';

/** What Electron's preload offers (electron/preload.ts); absent in a browser. */
export interface Shell {
  readonly platform: string;
  call(channel: string, payload: unknown): Promise<Reply>;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  onCommand(listener: (command: string) => void): () => void;
  /** `text` is given for train files; tables are read by the engine. */
  onOpenFile(listener: (file: { path: string; text: string | null }) => void): () => void;
  pathOf(file: File): Promise<string | null>;
  openDialog(request: { what: 'table' | 'project' | 'folder' }): Promise<string | null>;
  saveDialog(request: { suggestedName: string }): Promise<string | null>;
}

declare global {
  interface Window {
    readonly studio?: Shell;
  }
}

export const shell: Shell | null = window.studio ?? null;
