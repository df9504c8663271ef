import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused, as an HTTP status; null when it may pass. */
export type Refusal = { readonly status: 401 | 403 | 421; readonly reason: string } | null;

/**
 * Who may talk to the web host: a browser page that it served itself, in a browser that was shown the token.
 * Host is checked against DNS rebinding, Origin and Sec-Fetch-Site against other sites, the token against other
 * programs and users of this machine.
 */
export class RequestGuard {
  private readonly token: string;
  private readonly hosts: ReadonlySet<string>;
  readonly cookieName: string;

  constructor(token: string, port: number) {
    this.token = token;
    this.hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
    // Cookies do not know ports: two studios on one machine must not take each other's.
    this.cookieName = `pith-${port}`;
  }

  checkSource(request: IncomingMessage): Refusal {
    const { host, origin } = request.headers;
    if (host === undefined || !this.hosts.has(host)) return { status: 421, reason: 'wrong host' };
    if (origin !== undefined && origin !== `http://${host}`) return { status: 403, reason: 'wrong origin' };
    const site = request.headers['sec-fetch-site'];
    const isPageLoad = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
    if (site === 'cross-site' && !isPageLoad) return { status: 403, reason: 'asked by another site' };
    return null;
  }

  /** The session: the cookie of a page, or `Authorization: Bearer` of a program. */
  checkSession(request: IncomingMessage): Refusal {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const given = bearer ?? readCookie(request.headers.cookie ?? '', this.cookieName);
    return this.isToken(given) ? null : { status: 401, reason: 'no valid token' };
  }

  /** A WebSocket has no same-origin rule of its own: a browser must name ours, a program the token. */
  checkSocket(request: IncomingMessage): Refusal {
    const isProgram = request.headers.authorization !== undefined;
    if (!isProgram && request.headers.origin === undefined) return { status: 403, reason: 'no origin' };
    return this.checkSource(request) ?? this.checkSession(request);
  }

  isToken(given: string | null | undefined): boolean {
    if (!given) return false;
    const a = Buffer.from(given);
    const b = Buffer.from(this.token);
    return a.length === b.length && timingSafeEqual(a, b);
  }

  sessionCookie(): string {
    return `${this.cookieName}=${this.token}; HttpOnly; SameSite=Strict; Path=/`;
  }
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
