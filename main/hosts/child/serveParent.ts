import { z } from 'zod';
import { toAppErrorData } from '../../contract/errors.ts';
import { CallMessage, type EngineMessage } from '../../contract/wire.ts';
import { Engine } from '../../jobs/engine.ts';
import { openFirstProject } from '../firstProject.ts';
import { guardProcess } from '../guardProcess.ts';

const AllowMessage = z.object({ id: z.number().int(), type: z.literal('allowFile'), path: z.string().min(1) });

/** Serves the process that forked this one; main.ts says how. */
export function serveParent(): void {
  const engine = new Engine();
  guardProcess(engine);
  const send = (message: EngineMessage) => {
    if (process.connected) process.send!(message);
  };
  engine.onEvent((event) => send({ type: 'event', event }));

  process.on('message', (message: unknown) => {
    const allow = AllowMessage.safeParse(message);
    if (allow.success) {
      const { id, path } = allow.data;
      try {
        engine.access.allow(path);
        send({ id, ok: true, value: null });
      } catch (cause) {
        send({ id, ok: false, error: toAppErrorData(cause) });
      }
      return;
    }
    const call = CallMessage.safeParse(message);
    // Without an id there is nobody to answer; the parent is our own code and sends none such.
    if (!call.success) return;
    const { id, channel, payload } = call.data;
    void engine.call(channel, payload).then((reply) => send({ id, ...reply }));
  });

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void engine.close().finally(() => process.exit(0));
  };
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  void openFirstProject(engine).finally(() => {
    send({ type: 'ready' });
    // The window asks its first questions now; what later ones need is loaded after them.
    setTimeout(() => engine.warmUp(), 300).unref();
  });
}
