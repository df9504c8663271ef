/**
 * The desktop shell: windows, menus, dialogs and a relay to the engine. It holds no data and does no work of its own;
 * the engine runs in a plain Node process (ARCHITECTURE.md says why).
 */
import { app, BrowserWindow, crashReporter, dialog } from 'electron';
import { EngineProcess } from './engineProcess.ts';
import { guardAllContents } from './guards.ts';
import { openMainWindow } from './mainWindow.ts';
import { installMenu } from './menu.ts';
import { filesOf, OpenedFiles } from './openedFiles.ts';
import { declarePageScheme, servePage } from './pageProtocol.ts';
import { shellPaths } from './paths.ts';
import { installRelay } from './relay.ts';

let window: BrowserWindow | null = null;

const engine = new EngineProcess(
  (event) => window?.webContents.send('engine:event', event),
  () =>
    dialog.showErrorBox(
      'The engine keeps stopping',
      `It stopped several times within a minute. Your projects are safe on disk. The log is in ${app.getPath('logs')}.`,
    ),
);
const files = new OpenedFiles((file) => engine.allowFile(file));

function showWindow(): void {
  if (!window) {
    window = openMainWindow();
    window.on('closed', () => {
      window = null;
    });
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** A shell that cannot start says why instead of staying without a window. */
function giveUp(cause: unknown): void {
  dialog.showErrorBox('Pith could not start', cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  app.exit(1);
}

async function run(): Promise<void> {
  // Dumps stay on this machine: nothing is uploaded.
  crashReporter.start({ uploadToServer: false });
  declarePageScheme();
  // A checkout tested as root cannot sandbox; the packaged app always does.
  if (app.isPackaged || process.env['ELECTRON_DISABLE_SANDBOX'] !== '1') app.enableSandbox();

  app.on('second-instance', (_event, argv, workingFolder) => {
    showWindow();
    for (const file of filesOf(argv, workingFolder)) void files.add(file);
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    void files.add(file);
  });
  app.on('window-all-closed', () => app.quit());

  let isEngineStopped = false;
  app.on('will-quit', (event) => {
    if (isEngineStopped) return;
    event.preventDefault();
    void engine.stop().finally(() => {
      isEngineStopped = true;
      app.quit();
    });
  });

  engine.start(); // while Chromium still starts
  await app.whenReady();
  guardAllContents();
  servePage(shellPaths().rendererDist);
  installRelay(engine, files);
  installMenu(() => window);
  showWindow();
  for (const file of filesOf(process.argv, process.cwd())) void files.add(file);
  app.on('activate', showWindow);
}

if (app.requestSingleInstanceLock()) run().catch(giveUp);
else app.quit();
