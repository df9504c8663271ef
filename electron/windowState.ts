import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { app, screen, type BrowserWindow, type Rectangle } from 'electron';

interface WindowState {
  readonly bounds: Rectangle;
  readonly isMaximized: boolean;
}

const stateFile = (): string => path.join(app.getPath('userData'), 'window.json');

/** Where the window was when it closed; a fresh size when that place is on no screen any more. */
export function loadWindowState(): WindowState {
  const fresh = { bounds: { x: 0, y: 0, width: 1440, height: 900 }, isMaximized: false };
  try {
    const saved = JSON.parse(readFileSync(stateFile(), 'utf8')) as WindowState;
    const area = screen.getDisplayMatching(saved.bounds).workArea;
    const isVisible =
      saved.bounds.x < area.x + area.width &&
      saved.bounds.y < area.y + area.height &&
      saved.bounds.x + saved.bounds.width > area.x &&
      saved.bounds.y + saved.bounds.height > area.y;
    return isVisible ? saved : fresh;
  } catch {
    return fresh;
  }
}

export function keepWindowState(window: BrowserWindow): void {
  window.on('close', () => {
    const state: WindowState = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
    try {
      mkdirSync(path.dirname(stateFile()), { recursive: true });
      writeFileSync(`${stateFile()}.tmp`, JSON.stringify(state));
      renameSync(`${stateFile()}.tmp`, stateFile());
    } catch {
      // A size that could not be kept is not worth a message while the window closes.
    }
  });
}
