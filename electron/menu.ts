import { app, Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';

/** Commands the page carries out; the same ids as in its command palette. */
export type MenuCommand =
  | 'project.new'
  | 'project.open'
  | 'data.open'
  | 'train.new'
  | 'tab.close'
  | 'run.start'
  | 'run.predict'
  | 'run.export'
  | 'view.palette'
  | 'view.jobs'
  | 'view.inspector'
  | 'view.theme'
  | 'help.shortcuts';

/** Native menus by role; everything of ours is a command for the page. */
export function installMenu(window: () => BrowserWindow | null): void {
  const command = (label: string, id: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator !== undefined && { accelerator, registerAccelerator: process.platform === 'darwin' }),
    click: () => window()?.webContents.send('studio:command', id),
  });
  const isMac = process.platform === 'darwin';
  const appMenu: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  const recentDocuments: MenuItemConstructorOptions[] = isMac
    ? [{ role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] }]
    : [];
  const developerTools: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ role: 'toggleDevTools' }];
  const template: MenuItemConstructorOptions[] = [
    ...appMenu,
    {
      label: '&File',
      submenu: [
        command('New project…', 'project.new', 'Alt+N'),
        command('Open project…', 'project.open', 'CmdOrCtrl+Shift+O'),
        command('Open table…', 'data.open', 'CmdOrCtrl+O'),
        command('New train file', 'train.new'),
        ...recentDocuments,
        { type: 'separator' },
        command('Close tab', 'tab.close', 'Alt+W'),
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('Command palette', 'view.palette', 'CmdOrCtrl+K'),
        command('Jobs', 'view.jobs', 'CmdOrCtrl+J'),
        command('Inspector', 'view.inspector', 'CmdOrCtrl+I'),
        command('Light or dark', 'view.theme'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...developerTools,
      ],
    },
    {
      label: '&Run',
      submenu: [
        command('Start run', 'run.start', 'CmdOrCtrl+Enter'),
        command('Predict a file…', 'run.predict'),
        command('Export as ONNX…', 'run.export'),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [command('Keyboard shortcuts', 'help.shortcuts', 'CmdOrCtrl+/')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
