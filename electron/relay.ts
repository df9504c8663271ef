import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { ChannelName } from '../main/contract/channels.ts';
import { toAppErrorData } from '../main/contract/errors.ts';
import { askOpen, askSave, type OpenRequest, type SaveRequest } from './dialogs.ts';
import type { EngineProcess, Reply } from './engineProcess.ts';
import { assertTrustedSender } from './guards.ts';
import type { OpenedFiles } from './openedFiles.ts';

/** Answers the preload's verbs. Every handler checks who asks before it looks at what is asked. */
export function installRelay(engine: EngineProcess, files: OpenedFiles): void {
  ipcMain.handle('engine:call', async (event, channel: unknown, payload: unknown): Promise<Reply> => {
    try {
      assertTrustedSender(event);
      return await engine.call(ChannelName.parse(channel), payload);
    } catch (cause) {
      return { ok: false, error: toAppErrorData(cause) };
    }
  });

  ipcMain.handle('studio:ready', (event) => {
    files.attach(windowOf(event));
  });

  ipcMain.handle('studio:allowFile', async (event, file: unknown) => {
    assertTrustedSender(event);
    if (typeof file === 'string') await engine.allowFile(file);
  });

  ipcMain.handle('studio:openDialog', async (event, request: OpenRequest) => {
    const chosen = await askOpen(windowOf(event), request);
    if (chosen !== null) await engine.allowFile(chosen);
    return chosen;
  });

  ipcMain.handle('studio:saveDialog', async (event, request: SaveRequest) => {
    const chosen = await askSave(windowOf(event), request);
    if (chosen !== null) await engine.allowFile(chosen);
    return chosen;
  });
}

function windowOf(event: IpcMainInvokeEvent): BrowserWindow {
  assertTrustedSender(event);
  const window = BrowserWindow.fromWebContents(event.sender);
  if (!window) throw new Error('the window is gone');
  return window;
}
