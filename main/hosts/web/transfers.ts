import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toAppErrorData } from '../../contract/errors.ts';
import type { Engine } from '../../jobs/engine.ts';
import { asKnownFailure } from '../../store/failures.ts';

/** Streams the body into the inbox; answers `{ token }`. Half an upload is removed. */
export async function receiveUpload(engine: Engine, name: string, request: IncomingMessage, response: ServerResponse) {
  let path: string | undefined;
  try {
    path = engine.home.freshFile('inbox', name || 'upload');
    await pipeline(request, createWriteStream(path));
    sendJson(response, 200, { token: engine.access.addUpload(path) });
  } catch (cause) {
    if (path !== undefined) await rm(dirname(path), { recursive: true, force: true });
    if (!response.headersSent && !response.destroyed) {
      sendJson(response, 500, { error: toAppErrorData(asKnownFailure(cause)) });
    }
  }
}

/** Sends the file behind a one-time token, as a download. */
export async function sendDownload(engine: Engine, token: string, response: ServerResponse): Promise<void> {
  const path = engine.access.takeDownload(token);
  const stats = path === undefined ? null : await stat(path).catch(() => null);
  if (path === undefined || !stats?.isFile()) {
    sendText(response, 404, 'This download is gone: export the file again.');
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': stats.size,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
    'cache-control': 'no-store',
  });
  await pipeline(createReadStream(path), response).catch(() => {
    // The browser went away in the middle; there is nobody to tell.
  });
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}
