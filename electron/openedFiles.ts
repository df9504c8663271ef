import { readFile, stat } from 'node:fs/promises';
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

/** What the page is told of a file: its path, and the text of a train file, which the page itself shows and edits. */
interface OpenedFile {
  readonly path: string;
  readonly text: string | null;
}

const MAX_TRAIN_FILE_BYTES = 1_000_000;

async function read(file: string): Promise<OpenedFile> {
  if (!/\.ya?ml$/i.test(file)) return { path: file, text: null };
  try {
    const { size } = await stat(file);
    return { path: file, text: size > MAX_TRAIN_FILE_BYTES ? null : await readFile(file, 'utf8') };
  } catch {
    // Gone or unreadable: the engine, asked for it as a table, says so in its own words.
    return { path: file, text: null };
  }
}

/** Files wait here until the page listens. */
export class OpenedFiles {
  private waiting: OpenedFile[] = [];
  private window: BrowserWindow | null = null;
  private readonly allow: (file: string) => Promise<void>;

  constructor(allow: (file: string) => Promise<void>) {
    this.allow = allow;
  }

  /** A file the system asks us to open: association, dock, second instance, recent documents. */
  async add(file: string): Promise<void> {
    await this.allow(file);
    app.addRecentDocument(file);
    const opened = await read(file);
    if (this.window) this.window.webContents.send('studio:openFile', opened);
    else this.waiting.push(opened);
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
