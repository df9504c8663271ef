import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CONTENT_TYPES } from '../../contract/page.ts';

/**
 * Answers with the file of `root` that `pathname` names; paths of the page's own router get index.html.
 * @returns false when there is no such file, or it would lie outside `root`
 */
export async function sendStatic(
  root: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const found = await findFile(root, pathname);
  if (!found) return false;
  const { path, stats } = found;
  const etag = `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"`;
  // The bundler puts a content hash into the names of assets; everything else is asked for again.
  const isHashed = /[\\/]assets[\\/]/.test(path);
  response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('etag', etag);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return true;
  }
  const type = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-length': stats.size });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(path), response);
  return true;
}

async function findFile(root: string, pathname: string): Promise<{ path: string; stats: Stats } | null> {
  let relative: string;
  try {
    relative = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (relative.includes('\0')) return null;
  const base = resolve(root);
  const path = resolve(join(base, relative === '/' || extname(relative) === '' ? 'index.html' : relative));
  if (!path.startsWith(base + sep)) return null;
  try {
    const stats = await stat(path);
    return stats.isFile() ? { path, stats } : null;
  } catch {
    return null;
  }
}
