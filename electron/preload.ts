import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { OpenRequest, SaveRequest } from './dialogs.ts';
import type { MenuCommand } from './menu.ts';

/** Calls `listener` for each message on `channel`; returns the function that stops it. */
function subscribe<T>(channel: string, listener: (value: T) => void): () => void {
  const handler = (_event: IpcRendererEvent, value: T) => listener(value);
  ipcRenderer.on(channel, handler);
  return () => ipcRenderer.removeListener(channel, handler);
}

/** What the page may do: verbs only, never `ipcRenderer` itself. */
const studio = {
  platform: process.platform,
  call: (channel: string, payload: unknown): Promise<unknown> => ipcRenderer.invoke('engine:call', channel, payload),
  onEvent: (listener: (event: unknown) => void) => subscribe('engine:event', listener),
  onCommand: (listener: (command: MenuCommand) => void) => subscribe('studio:command', listener),
  /** Files the system asked us to open; what arrived before the page listened is handed over at once. */
  onOpenFile: (listener: (file: { path: string; text: string | null }) => void) => {
    const stop = subscribe('studio:openFile', listener);
    void ipcRenderer.invoke('studio:ready');
    return stop;
  },
  /** Path of a file the person dropped or chose; the engine may then read it. */
  pathOf: async (file: File): Promise<string | null> => {
    // Before Electron 32 the path was a property of the file.
    const path = webUtils ? webUtils.getPathForFile(file) : (file as File & { path?: string }).path;
    if (path) await ipcRenderer.invoke('studio:allowFile', path);
    return path || null;
  },
  openDialog: (request: OpenRequest): Promise<string | null> => ipcRenderer.invoke('studio:openDialog', request),
  saveDialog: (request: SaveRequest): Promise<string | null> => ipcRenderer.invoke('studio:saveDialog', request),
};

export type Studio = typeof studio;

contextBridge.exposeInMainWorld('studio', studio);
