import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';

const TABLES = { name: 'Tables', extensions: ['csv', 'tsv', 'json', 'jsonl', 'ndjson', 'parquet', 'gz'] };

export interface OpenRequest {
  readonly what: 'table' | 'project' | 'folder';
}
export interface SaveRequest {
  readonly suggestedName: string;
}

/** Native open dialog; null when the person cancels. */
export async function askOpen(window: BrowserWindow, request: OpenRequest): Promise<string | null> {
  const options: OpenDialogOptions =
    request.what === 'table'
      ? { title: 'Open a table', properties: ['openFile'], filters: [TABLES, { name: 'All files', extensions: ['*'] }] }
      : {
          title: request.what === 'project' ? 'Open a project folder' : 'Choose a folder',
          properties: ['openDirectory', 'createDirectory'],
        };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}

/** Native save dialog; null when the person cancels. */
export async function askSave(window: BrowserWindow, request: SaveRequest): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: request.suggestedName });
  return canceled || !filePath ? null : filePath;
}
