/**
 * A job's process: waits for one `start`, does that job's work, says how it went, exits.
 * It has no database; when the engine goes away its channel breaks and it exits too.
 */
import { mkdirSync } from 'node:fs';
import { AppError, toAppErrorData } from '../../contract/errors.ts';
import { asKnownFailure } from '../../store/failures.ts';
import type { JobContext, JobKindHandler } from '../handlers.ts';
import { workOf } from '../workRegistry.ts';
import { isOutOfMemory, outOfMemory } from './memory.ts';
import type { FromWorker, StartMessage, ToWorker } from './messages.ts';
import { Outbox } from './outbox.ts';
import { dieWithParent } from './watchdog.ts';

const controller = new AbortController();
let isStarted = false;

process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToWorker) => {
  if (message.type === 'cancel') {
    controller.abort(new AppError({ code: 'CANCELLED', message: 'The job was cancelled.' }));
  } else if (message.type === 'preload') {
    // A module that does not load is told when a job asks for it.
    void workOf(message.kind, null).catch(() => {});
  } else if (!isStarted) {
    isStarted = true;
    void run(message);
  }
});
// Ctrl+C in a terminal reaches the whole process group; the engine decides what happens to the job.
process.on('SIGINT', () => {});
tell({ type: 'ready' });

async function run(start: StartMessage): Promise<void> {
  dieWithParent();
  const outbox = new Outbox(tell);
  let last: FromWorker;
  try {
    mkdirSync(start.stagingDir, { recursive: true });
    const handler = await workOf(start.kind, start.workModule);
    last = {
      type: 'done',
      outcome: await (handler as JobKindHandler<unknown, unknown>).work(start.input, contextOf(start, outbox)),
    };
  } catch (cause) {
    last = controller.signal.aborted ? { type: 'cancelled' } : failure(cause);
  }
  outbox.flush();
  process.send!(last, () => process.exit(0));
}

function contextOf(start: StartMessage, outbox: Outbox): JobContext {
  let lastYield = performance.now();
  return {
    jobId: start.jobId,
    projectPath: start.projectPath,
    dataDir: start.dataDir,
    artefactsDir: start.artefactsDir,
    stagingDir: start.stagingDir,
    checkpointFile: start.checkpointFile,
    threads: start.threads,
    signal: controller.signal,
    isDue: () => performance.now() - lastYield > 50,
    yield: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      lastYield = performance.now();
    },
    report: (progress) => outbox.report(progress),
    log: (line) => outbox.log(line),
    point: (series, step, value) => outbox.point(series, step, value),
    finding: (finding) => outbox.finding(finding),
  };
}

function failure(cause: unknown): FromWorker {
  const known = isOutOfMemory(cause) ? outOfMemory(cause) : asKnownFailure(cause);
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return { type: 'failed', error: toAppErrorData(known), detail };
}

function tell(message: FromWorker): void {
  if (process.connected) process.send!(message);
}
