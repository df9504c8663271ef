import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { EngineMessage } from '../../main/contract/wire.ts';
import { startWebHost, type WebHost } from '../../main/hosts/web/server.ts';
import type { Engine } from '../../main/jobs/engine.ts';
import { drillEngine } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

interface Site {
  readonly engine: Engine;
  readonly host: WebHost;
  readonly cookie: string;
  readonly ask: (path: string, options?: RequestOptions & { body?: string | Buffer }) => Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

async function site(): Promise<Site> {
  const engine = drillEngine({ access: { offersDownloads: true } });
  const root = tempDir();
  const pageDir = join(root, 'dist');
  mkdirSync(join(pageDir, 'assets'), { recursive: true });
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>Pith</title>');
  writeFileSync(join(pageDir, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  const host = await startWebHost(engine, { pageDir });
  onTestFinished(() => host.close());
  const ask: Site['ask'] = (path, { body, ...options } = {}) => get(host.port, path, options, body);
  return { engine, host, cookie: `pith-${host.port}=${host.token}`, ask };
}

/** By hand and not by fetch: fetch would not let us lie about Host and Origin. */
function get(port: number, path: string, options: RequestOptions, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('the tokened address sets a strict cookie and leaves the token behind; with the cookie comes the page', async () => {
  const { host, ask } = await site();
  const first = await ask(new URL(host.url).pathname + new URL(host.url).search);
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe('/');
  const [cookie] = first.headers['set-cookie']!;
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
  const page = await ask('/', { headers: { cookie: cookie!.split(';')[0] } });
  expect(page.status).toBe(200);
  expect(page.text).toContain('Pith');
});

describe('who is not let in', () => {
  test.each([
    { name: 'no token', path: '/', headers: {}, status: 401 },
    { name: 'a wrong token', path: '/?token=guess', headers: {}, status: 401 },
    { name: 'an empty token', path: '/?token=', headers: {}, status: 401 },
    { name: 'a wrong cookie', path: '/', headers: { cookie: 'pith-PORT=guess' }, status: 401 },
    { name: "another studio's cookie", path: '/', headers: { cookie: 'pith-1=TOKEN' }, status: 401 },
    { name: 'assets without a token', path: '/assets/app-1a2b.js', headers: {}, status: 401 },
    {
      name: 'a wrong host (DNS rebinding)',
      path: '/',
      headers: { cookie: 'COOKIE', host: 'evil.example:PORT' },
      status: 421,
    },
    {
      name: 'the right host on another port',
      path: '/',
      headers: { cookie: 'COOKIE', host: '127.0.0.1:1' },
      status: 421,
    },
    {
      name: "another site's origin",
      path: '/',
      headers: { cookie: 'COOKIE', origin: 'http://evil.example' },
      status: 403,
    },
    {
      name: 'another local port as origin',
      path: '/',
      headers: { cookie: 'COOKIE', origin: 'http://127.0.0.1:1' },
      status: 403,
    },
    { name: 'an opaque origin', path: '/', headers: { cookie: 'COOKIE', origin: 'null' }, status: 403 },
    {
      name: 'a script of another site',
      path: '/assets/app-1a2b.js',
      headers: { cookie: 'COOKIE', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      status: 403,
    },
  ])('$name: $status', async ({ path, headers, status }) => {
    const { host, cookie, ask } = await site();
    const filled = Object.entries(headers).map(([name, value]) => [
      name,
      String(value).replace('COOKIE', cookie).replace('PORT', String(host.port)).replace('TOKEN', host.token),
    ]);
    const answer = await ask(path, { headers: Object.fromEntries(filled) as Record<string, string> });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(host.token);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('only this machine: nothing listens on its other addresses', async () => {
    const { host } = await site();
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      const isOpen = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: address, port: host.port, timeout: 2000 });
        socket.on('connect', () => resolve(true));
        for (const event of ['error', 'timeout']) socket.on(event, () => resolve(false));
      });
      expect(isOpen).toBe(false);
    }
  });
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%5c..%5c..%5csecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '//etc/passwd',
  '/%00/secret.txt',
  '/%zz.txt',
  '/etc/passwd.txt',
])('no path outside the page: %s', async (path) => {
  const { cookie, ask } = await site();
  const answer = await ask(path, { headers: { cookie } });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.text).not.toContain('secret');
});

test('every answer has the security headers; assets are kept, the page is asked for again', async () => {
  const { cookie, ask } = await site();
  const page = await ask('/', { headers: { cookie } });
  const asset = await ask('/assets/app-1a2b.js', { headers: { cookie } });
  const refused = await ask('/');
  for (const { headers } of [page, asset, refused]) {
    expect(headers['content-security-policy']).toMatch(
      /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    );
    expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  }
  expect(page.headers['cache-control']).toBe('no-cache');
  expect(asset.headers['cache-control']).toMatch(/immutable/);
  const again = await ask('/', { headers: { cookie, 'if-none-match': page.headers.etag! } });
  expect(again).toMatchObject({ status: 304, text: '' });
});

test('uploads become files the engine reads by token; downloads are given once', async () => {
  const { engine, cookie, ask } = await site();
  const body = Buffer.alloc(3_000_000, 'a,b\n1,2\n');
  const sent = await ask('/api/upload?name=..%2F..%2Fflights.csv', { method: 'POST', headers: { cookie }, body });
  const { token } = JSON.parse(sent.text) as { token: string };
  const path = engine.access.resolve({ kind: 'upload', token });
  expect(path.startsWith(join(engine.home.path, 'inbox'))).toBe(true);
  const offered = engine.access.offerDownload(path)!;
  const got = await ask(`/api/download/${offered}`, { headers: { cookie } });
  expect(got.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''.*flights\.csv$/);
  expect(got.text).toBe(body.toString());
  expect((await ask(`/api/download/${offered}`, { headers: { cookie } })).status).toBe(404);
  expect((await ask('/api/upload?name=x', { method: 'POST', body: 'x' })).status).toBe(401);
});

test('an upload that breaks off leaves nothing behind', async () => {
  const { engine, host, cookie } = await site();
  await new Promise<void>((resolve) => {
    const sent = request({
      host: '127.0.0.1',
      port: host.port,
      path: '/api/upload?name=a.csv',
      method: 'POST',
      headers: { cookie, 'content-length': 1_000_000 },
    });
    sent.on('error', () => resolve());
    sent.write('a'.repeat(1000), () => setTimeout(() => sent.destroy(), 100));
  });
  const inbox = join(engine.home.path, 'inbox');
  await expect.poll(() => (existsSync(inbox) ? readdirSync(inbox) : [])).toEqual([]);
});

describe('the socket', () => {
  const open = (port: number, headers: Record<string, string>) =>
    new Promise<WebSocket | number>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, { headers });
      onTestFinished(() => socket.terminate());
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode!));
      socket.on('error', () => {});
    });

  test('answers calls, tells events, refuses what is no call', async () => {
    const { engine, host, cookie } = await site();
    const socket = (await open(host.port, { cookie, origin: `http://127.0.0.1:${host.port}` })) as WebSocket;
    const heard: EngineMessage[] = [];
    socket.on('message', (data) => heard.push(EngineMessage.parse(JSON.parse(String(data)))));
    socket.send(JSON.stringify({ id: 7, channel: 'project.create', payload: { name: 'Socket' } }));
    socket.send(JSON.stringify({ id: 8, channel: 'no.such', payload: {} }));
    socket.send(JSON.stringify({ id: 9, channel: 'project.open', payload: { path: '/etc' } }));
    await expect.poll(() => heard.filter((message) => 'id' in message)).toHaveLength(3);
    const reply = (id: number) => heard.find((message) => 'id' in message && message.id === id);
    expect(reply(7)).toMatchObject({ ok: true, value: { name: 'Socket' } });
    expect(reply(8)).toMatchObject({ ok: false, error: { code: 'UNKNOWN_CALL' } });
    expect(reply(9)).toMatchObject({ ok: false, error: { code: 'FILE_NOT_ALLOWED' } });
    const { id: projectId } = (await engine.ask('project.opened', {}))[0]!;
    engine.submit({ projectId, kind: 'explain', title: 'x', input: { what: 'count' } });
    await expect.poll(() => heard.some((message) => 'type' in message && message.type === 'event')).toBe(true);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send('no json');
    expect(await closed).toBe(1007);
  });

  test.each([
    { name: 'no origin', headers: { cookie: 'COOKIE' }, status: 403 },
    { name: "another site's origin", headers: { cookie: 'COOKIE', origin: 'http://evil.example' }, status: 403 },
    { name: 'no cookie', headers: { origin: 'ORIGIN' }, status: 401 },
    { name: 'a wrong host', headers: { cookie: 'COOKIE', origin: 'http://evil:PORT', host: 'evil:PORT' }, status: 421 },
    { name: 'a program with a wrong token', headers: { authorization: 'Bearer guess' }, status: 401 },
  ])('does not open with $name', async ({ headers, status }) => {
    const { host, cookie } = await site();
    const filled = Object.entries(headers).map(([name, value]) => [
      name,
      value
        .replace('COOKIE', cookie)
        .replace('ORIGIN', `http://127.0.0.1:${host.port}`)
        .replace('PORT', String(host.port)),
    ]);
    expect(await open(host.port, Object.fromEntries(filled) as Record<string, string>)).toBe(status);
  });

  test('opens for a program that has the token', async () => {
    const { host } = await site();
    expect(await open(host.port, { authorization: `Bearer ${host.token}` })).toBeInstanceOf(WebSocket);
  });
});

test('a port that is taken is told', async () => {
  const { engine, host } = await site();
  await expect(startWebHost(engine, { port: host.port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
});
