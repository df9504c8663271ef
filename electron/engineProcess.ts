import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import type { EngineEvent } from '../main/contract/channels.ts';
import type { AppErrorData } from '../main/contract/errors.ts';
import { shellPaths } from './paths.ts';

/** How every call is answered; the relay never rejects. */
export type Reply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: AppErrorData };

type FromEngine =
  | ({ readonly id: number } & Reply)
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly event: EngineEvent };

const ENGINE_STOPPED: AppErrorData = {
  code: 'ENGINE_STOPPED',
  message:
    'The engine stopped and is being started again. Nothing committed is lost; jobs that ran are shown as interrupted.',
  isInput: false,
};

/** Restarts allowed within a minute before we give up and say so. */
const MAX_RESTARTS = 3;

/** The engine in its own plain Node process; started again when it dies. */
export class EngineProcess {
  private child: ChildProcess | null = null;
  private nextId = 1;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private readonly allowed = new Set<string>();
  private restarts: number[] = [];
  private isStopping = false;
  private readonly onEvent: (event: EngineEvent) => void;
  private readonly onGivenUp: () => void;

  constructor(onEvent: (event: EngineEvent) => void, onGivenUp: () => void) {
    this.onEvent = onEvent;
    this.onGivenUp = onGivenUp;
  }

  start(): void {
    const { node, engineEntry } = shellPaths();
    const logs = app.getPath('logs');
    mkdirSync(logs, { recursive: true });
    const log = createWriteStream(path.join(logs, 'engine.log'), { flags: 'a' });
    const child = spawn(node, [engineEntry], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], windowsHide: true });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    child.on('message', (message) => this.receive(message as FromEngine));
    child.on('error', () => this.ended(child));
    child.on('exit', () => this.ended(child));
    this.child = child;
    for (const file of this.allowed) void this.send({ type: 'allowFile', path: file });
  }

  /** Relays a call; the engine checks channel and payload against the contract. */
  call(channel: string, payload: unknown): Promise<Reply> {
    return this.send({ channel, payload });
  }

  /** The person opened this file: the engine may read it. */
  async allowFile(file: string): Promise<void> {
    this.allowed.add(file);
    await this.send({ type: 'allowFile', path: file });
  }

  /** Asks the engine to finish writing; resolves when it is gone, or after two seconds without it. */
  stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (!child || child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.disconnect();
    });
  }

  private send(message: object): Promise<Reply> {
    const { child } = this;
    if (!child?.connected) return Promise.resolve({ ok: false, error: ENGINE_STOPPED });
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      child.send({ id, ...message }, (error) => {
        if (error && this.waiting.delete(id)) resolve({ ok: false, error: ENGINE_STOPPED });
      });
    });
  }

  private receive(message: FromEngine): void {
    if ('id' in message) {
      const { id, ...reply } = message;
      this.waiting.get(id)?.(reply);
      this.waiting.delete(id);
    } else if (message.type === 'event') this.onEvent(message.event);
  }

  private ended(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = null;
    for (const resolve of this.waiting.values()) resolve({ ok: false, error: ENGINE_STOPPED });
    this.waiting.clear();
    if (this.isStopping) return;
    const now = Date.now();
    this.restarts = [...this.restarts.filter((at) => now - at < 60_000), now];
    if (this.restarts.length > MAX_RESTARTS) this.onGivenUp();
    else this.start();
  }
}
