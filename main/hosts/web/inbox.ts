import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const dayMs = 24 * 3600 * 1000;

/** Removes uploads and unfetched downloads of former sessions: what is older than a day. */
export function sweepBoxes(homePath: string): void {
  for (const box of ['inbox', 'outbox']) {
    for (const name of listOf(join(homePath, box))) {
      const path = join(homePath, box, name);
      try {
        if (Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true, force: true });
      } catch {
        // Another studio sweeps the same folder.
      }
    }
  }
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
