/**
 * How a client talks to the engine. The same messages travel over
 *  - the IPC channel of the child process (Electron's main process; main/hosts/child),
 *  - the WebSocket `/api/socket` of the web host (browser page; main/hosts/web), one JSON text a message.
 *
 * The web host answers besides, all with the session cookie that the first, tokened URL sets:
 *  - `POST /api/upload?name=<file name>` with the bytes as body → `{ token }`, used as `FileRef` of kind `upload`;
 *  - `GET /api/download/<token>` → the file that a call or a job offered, once.
 */
import { z } from 'zod';
import { EngineEvent } from './channels.ts';
import { AppErrorData } from './errors.ts';

/** Client → engine. `payload` is checked against the channel's input. */
export const CallMessage = z.object({ id: z.number().int(), channel: z.string(), payload: z.unknown() });
export type CallMessage = z.infer<typeof CallMessage>;

/** How every call is answered; it never rejects. */
export const Reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: AppErrorData }),
]);
export type Reply = z.infer<typeof Reply>;

/** Engine → client: `ready` once, then replies (with the call's `id`) and events as they happen. */
export const EngineMessage = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ id: z.number().int(), ok: z.literal(false), error: AppErrorData }),
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('event'), event: EngineEvent }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;

/** Answer to `POST /api/upload`. */
export const UploadReply = z.object({ token: z.string() });
