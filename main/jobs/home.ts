import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Pith's own folder: `PITH_HOME`, else `~/Pith`. New projects go into it unless the person chooses a place;
 * beside them are `state.json` (recent projects), `logs/`, and `inbox/` and `outbox/` of the browser.
 */
export class Home {
  readonly path: string;

  constructor(path: string = process.env['PITH_HOME'] ?? join(homedir(), 'Pith')) {
    this.path = path;
  }

  get statePath(): string {
    return join(this.path, 'state.json');
  }

  /** A folder for a project called `name` that does not exist yet. */
  newProjectPath(name: string): string {
    const base = fileNameOf(name);
    for (let n = 1; ; n++) {
      const path = join(this.path, n === 1 ? base : `${base} ${n}`);
      if (!existsSync(path)) return path;
    }
  }

  /** A fresh place for a file called `name`, in a folder of its own. */
  freshFile(box: 'inbox' | 'outbox', name: string): string {
    const folder = join(this.path, box, randomBytes(8).toString('hex'));
    mkdirSync(folder, { recursive: true });
    return join(folder, fileNameOf(name));
  }

  /** Appends to `logs/engine.log`; that becomes `engine.old.log` at 5 MB. Never throws. */
  log(text: string): void {
    try {
      const folder = join(this.path, 'logs');
      mkdirSync(folder, { recursive: true });
      const file = join(folder, 'engine.log');
      if (existsSync(file) && statSync(file).size > 5e6) renameSync(file, join(folder, 'engine.old.log'));
      appendFileSync(file, `${new Date().toISOString()} [${process.pid}] ${text}\n`);
    } catch {
      // A log that cannot be written is no reason to stop.
    }
  }
}

/** `name` as one harmless file name on every system. */
export function fileNameOf(name: string): string {
  const clean = name
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, '_')
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '')
    .slice(0, 120);
  return clean === '' ? 'untitled' : clean;
}
