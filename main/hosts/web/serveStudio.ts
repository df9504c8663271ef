import type { Engine } from '../../jobs/engine.ts';
import { openFirstProject } from '../firstProject.ts';
import { guardProcess } from '../guardProcess.ts';
import { sweepBoxes } from './inbox.ts';
import { startWebHost } from './server.ts';

export interface ServeOptions {
  readonly port?: number;
  /** Open the sample project when this is the first start. */
  readonly opensSample: boolean;
}

/** Serves the studio and prints its address; resolves when Ctrl+C or SIGTERM stopped it. */
export async function serveStudio(engine: Engine, { opensSample, ...options }: ServeOptions): Promise<void> {
  guardProcess(engine);
  if (opensSample) await openFirstProject(engine);
  const host = await startWebHost(engine, options);
  console.log(`Pith is ready: ${host.url}`);
  console.error('Open the address in a browser on this machine. Ctrl+C stops Pith.');
  sweepBoxes(engine.home.path);
  setTimeout(() => engine.warmUp(), 300).unref();
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await host.close();
  await engine.close();
}
