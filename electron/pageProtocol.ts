import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { CONTENT_SECURITY_POLICY, CONTENT_TYPES } from '../main/contract/page.ts';

/** The page has an origin of its own, `app://studio`, instead of `file://`, which may read the whole disk. */
export const PAGE_ORIGIN = 'app://studio';

/** Before `app` is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

const headersOf = (type: string): Record<string, string> => ({
  'content-type': type,
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
});

/** Serves `folder` as app://studio/…; nothing outside it. */
export function servePage(folder: string): void {
  if (!('handle' in protocol)) {
    serveToOldRuntime(protocol, folder);
    return;
  }
  protocol.handle('app', async (request) => {
    const file = await readPageFile(folder, request.url);
    if (!file) return new Response('Not found', { status: 404, headers: headersOf('text/plain') });
    return new Response(new Uint8Array(file.body), { headers: headersOf(file.type) });
  });
}

/** Runtimes before Electron 25 know only callbacks. */
interface OldProtocol {
  registerBufferProtocol(
    scheme: string,
    handler: (
      request: { url: string },
      reply: (answer: { statusCode: number; mimeType: string; headers: Record<string, string>; data: Buffer }) => void,
    ) => void,
  ): void;
}

function serveToOldRuntime(old: OldProtocol, folder: string): void {
  old.registerBufferProtocol('app', (request, reply) => {
    void readPageFile(folder, request.url).then((file) => {
      const type = file?.type ?? 'text/plain';
      reply({
        statusCode: file ? 200 : 404,
        mimeType: type.split(';')[0]!,
        headers: headersOf(type),
        data: file?.body ?? Buffer.from('Not found'),
      });
    });
  });
}

interface PageFile {
  readonly body: Buffer;
  readonly type: string;
}

async function readPageFile(folder: string, url: string): Promise<PageFile | null> {
  const { host, pathname } = new URL(url);
  if (host !== 'studio') return null;
  const relative = pathname === '/' ? 'index.html' : decodeURIComponent(pathname.slice(1));
  const file = path.resolve(folder, relative);
  if (!file.startsWith(path.resolve(folder) + path.sep)) return null;
  try {
    return { body: await readFile(file), type: CONTENT_TYPES[path.extname(file)] ?? 'application/octet-stream' };
  } catch {
    return null;
  }
}
