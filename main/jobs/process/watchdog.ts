import { Worker } from 'node:worker_threads';

/**
 * Ends this process when its parent is gone, even while the main thread computes without ever yielding (then the
 * broken IPC channel would be noticed only at the end). A small thread looks once a second.
 */
export function dieWithParent(): void {
  const worker = new Worker(source, {
    eval: true,
    workerData: process.ppid,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  worker.unref();
  // Without it a job still stops at its next yield.
  worker.on('error', () => {});
}

// Unix gives an orphan another parent; Windows keeps the id, so there the parent is asked for.
const source = `
const { workerData } = require('node:worker_threads');
setInterval(() => {
  let isGone = process.ppid !== workerData;
  if (!isGone) try { process.kill(workerData, 0); } catch (cause) { isGone = cause.code === 'ESRCH'; }
  if (isGone) process.kill(process.pid, 'SIGKILL');
}, 1000);`;
