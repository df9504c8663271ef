import path from 'node:path';
import { app, type BrowserWindow } from 'electron';

const OPENABLE = new Set(['.csv', '.tsv', '.json', '.jsonl', '.ndjson', '.parquet', '.gz', '.yaml', '.yml']);

/** The files named on a command line, absolute. Switches and Electron's own arguments are passed over. */
export function filesOf(argv: readonly string[], workingFolder: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && OPENABLE.has(path.extname(argument).toLowerCase()))
    .map((argument) => path.resolve(workingFolder, argument));
}

/** Files wait here until the page listens. */
export class OpenedFiles {
  private waiting: string[] = [];
  private window: BrowserWindow | null = null;
  private readonly allow: (file: string) => Promise<void>;

  constructor(allow: (file: string) => Promise<void>) {
    this.allow = allow;
  }

  /** A file the system asks us to open: association, dock, second instance, recent documents. */
  async add(file: string): Promise<void> {
    await this.allow(file);
    app.addRecentDocument(file);
    if (this.window) this.window.webContents.send('studio:openFile', file);
    else this.waiting.push(file);
  }

  /** The page is ready: hands over what waited. */
  attach(window: BrowserWindow): void {
    this.window = window;
    for (const file of this.waiting.splice(0)) window.webContents.send('studio:openFile', file);
    window.on('closed', () => {
      this.window = null;
    });
  }
}
