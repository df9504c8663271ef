import path from 'node:path';
import { app } from 'electron';

/** Where the engine's sources, the page and the Node runtime are: beside the app when packaged, in the checkout else. */
export interface ShellPaths {
  readonly node: string;
  readonly engineEntry: string;
  readonly rendererDist: string;
  readonly preload: string;
}

export function shellPaths(): ShellPaths {
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  const root = app.isPackaged ? path.join(process.resourcesPath, 'engine') : path.join(__dirname, '..', '..');
  const node = app.isPackaged
    ? path.join(process.resourcesPath, 'runtime', executable)
    : path.join(root, 'node_modules', 'node', 'bin', executable);
  return {
    node: process.env['PITH_NODE'] ?? node,
    engineEntry: path.join(root, 'main', 'hosts', 'child', 'main.ts'),
    rendererDist: path.join(root, 'renderer', 'dist'),
    preload: path.join(__dirname, 'preload.cjs'),
  };
}
