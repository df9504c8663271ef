import { BrowserWindow, nativeTheme } from 'electron';
import { PAGE_ORIGIN } from './pageProtocol.ts';
import { shellPaths } from './paths.ts';
import { keepWindowState, loadWindowState } from './windowState.ts';

/** Surface colours of the two themes, so that no white flash precedes a dark page. */
const SURFACE = { light: '#f4f5f6', dark: '#141519' };

export function openMainWindow(): BrowserWindow {
  const { bounds, isMaximized } = loadWindowState();
  const isFirst = bounds.x === 0 && bounds.y === 0;
  const window = new BrowserWindow({
    width: bounds.width,
    height: bounds.height,
    ...(!isFirst && { x: bounds.x, y: bounds.y }),
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Pith',
    backgroundColor: nativeTheme.shouldUseDarkColors ? SURFACE.dark : SURFACE.light,
    // The page draws its own title bar with the menus in it; the native bar stays reachable by Alt.
    autoHideMenuBar: true,
    webPreferences: {
      preload: shellPaths().preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      spellcheck: false, // its dictionaries come from the network
      navigateOnDragDrop: false,
    },
  });
  if (isMaximized) window.maximize();
  keepWindowState(window);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${PAGE_ORIGIN}/index.html`);
  return window;
}
