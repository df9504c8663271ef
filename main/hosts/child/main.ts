/**
 * Entry point of the engine as a child process of Electron's main process (plain Node, `stdio` with an `ipc` channel).
 *
 * Messages in:  `{ id, channel, payload }`          a call (main/contract/wire.ts)
 *               `{ id, type: 'allowFile', path }`   the person opened this file or folder; answered with value null
 * Messages out: `{ type: 'ready' }` once, then `{ id, ok: true, value } | { id, ok: false, error }` for each message
 *               in, and `{ type: 'event', event }` as things happen.
 *
 * It stops cleanly when the channel closes (Electron went away) or on SIGTERM and SIGINT.
 */
import module from 'node:module';

module.enableCompileCache();
const { serveParent } = await import('./serveParent.ts');
serveParent();
