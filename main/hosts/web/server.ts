/**
 * The studio for a browser: the page, its WebSocket, uploads and downloads (main/contract/wire.ts), on 127.0.0.1 only.
 * The first URL carries a random token; it becomes a cookie and leaves the address bar by a redirect.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../contract/errors.ts';
import type { Engine } from '../../jobs/engine.ts';
import { RequestGuard } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { createSocketServer } from './socket.ts';
import { sendStatic } from './staticFiles.ts';
import { receiveUpload, sendDownload, sendJson, sendText } from './transfers.ts';

export interface WebHost {
  readonly port: number;
  readonly token: string;
  /** Opens the studio; contains the token. */
  readonly url: string;
  close(): Promise<void>;
}

export interface WebHostOptions {
  /** A fixed port; any free one when left out. */
  readonly port?: number;
  /** Folder of the built page. */
  readonly pageDir?: string;
}

const builtPage = fileURLToPath(new URL('../../../renderer/dist', import.meta.url));

/** Throws AppError PORT_IN_USE. */
export async function startWebHost(engine: Engine, options: WebHostOptions = {}): Promise<WebHost> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const guard = new RequestGuard(token, port);
  const sockets = createSocketServer(engine);
  const pageDir = options.pageDir ?? builtPage;

  // An upload may take longer than the five minutes Node gives a request.
  server.requestTimeout = 0;
  server.on('request', (request, response) => {
    answer({ engine, guard, pageDir }, request, response).catch((cause: unknown) => {
      engine.home.log(`web: ${request.method} ${request.url?.split('?')[0]}: ${String(cause)}`);
      if (!response.headersSent) sendText(response, 500, 'Something went wrong; the log has more.');
      else response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const isOurs = request.url === '/api/socket';
    const refusal = isOurs ? guard.checkSocket(request) : { status: 404, reason: 'not found' };
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\n\r\n${refusal.reason}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/?token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Parts {
  readonly engine: Engine;
  readonly guard: RequestGuard;
  readonly pageDir: string;
}

async function answer({ engine, guard, pageDir }: Parts, request: IncomingMessage, response: ServerResponse) {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const refusal = guard.checkSource(request);
  if (refusal) return sendText(response, refusal.status, refusal.reason);

  const url = parseUrl(request.url ?? '/');
  if (!url) return sendText(response, 400, 'bad address');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && url.pathname === '/' && url.searchParams.has('token')) {
    if (!guard.isToken(url.searchParams.get('token'))) return sendText(response, 401, needsToken);
    response.writeHead(303, { location: '/', 'set-cookie': guard.sessionCookie(), 'cache-control': 'no-store' }).end();
    return;
  }
  if (guard.checkSession(request)) return sendText(response, 401, needsToken);

  if (url.pathname.startsWith('/api/')) return answerApi(engine, url, request, response);
  if (!isRead) return sendText(response, 405, 'not allowed');
  if (await sendStatic(pageDir, url.pathname, request, response)) return;
  const isPage = url.pathname === '/';
  sendText(response, isPage ? 503 : 404, isPage ? 'The page is not built yet: run `npm run build`.' : 'not found');
}

async function answerApi(engine: Engine, url: URL, request: IncomingMessage, response: ServerResponse) {
  const { method } = request;
  if (url.pathname === '/api/upload' && method === 'POST') {
    return receiveUpload(engine, url.searchParams.get('name') ?? '', request, response);
  }
  const download = /^\/api\/download\/([\w-]+)$/.exec(url.pathname)?.[1];
  if (download !== undefined && method === 'GET') return sendDownload(engine, download, response);
  sendJson(response, 404, { error: 'not found' });
}

const needsToken = 'Open Pith with the link it printed when it started: it carries the token that lets you in.';

function parseUrl(path: string): URL | null {
  // A request for `//other/…` would name another host; only paths are asked for here.
  if (!path.startsWith('/') || path.startsWith('//')) return null;
  return URL.canParse(path, 'http://127.0.0.1') ? new URL(path, 'http://127.0.0.1') : null;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      const taken = new AppError({
        code: 'PORT_IN_USE',
        message: `Port ${port} is in use or not allowed.`,
        fix: { kind: 'choosePort', label: 'Choose another port, or none to take any that is free' },
        cause,
      });
      reject(isTaken ? taken : cause);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
