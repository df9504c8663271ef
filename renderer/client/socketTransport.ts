import type { EngineEvent } from '../../main/contract/channels.ts';
import type { EngineMessage, Reply } from '../../main/contract/wire.ts';
import type { Transport } from './transport.ts';

const LOST: Reply = {
  ok: false,
  error: {
    code: 'ENGINE_UNREACHABLE',
    message: 'The engine cannot be reached. Is the command that started Pith still running?',
    isInput: false,
  },
};
const RETRY_MS = 1000;

/** The web host's WebSocket; opened again when it breaks. Calls made before it is open wait for it. */
export class SocketTransport implements Transport {
  private socket: WebSocket | null = null;
  private isOpen = false;
  private nextId = 1;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private readonly unsent: string[] = [];
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private readonly connectionListeners = new Set<(isConnected: boolean) => void>();

  constructor() {
    this.connect();
  }

  call(channel: string, payload: unknown): Promise<Reply> {
    const id = this.nextId++;
    const text = JSON.stringify({ id, channel, payload });
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      if (this.isOpen) this.socket?.send(text);
      else this.unsent.push(text);
    });
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onConnection(listener: (isConnected: boolean) => void): () => void {
    this.connectionListeners.add(listener);
    listener(this.isOpen);
    return () => this.connectionListeners.delete(listener);
  }

  private connect(): void {
    const socket = new WebSocket(`ws://${location.host}/api/socket`);
    this.socket = socket;
    socket.addEventListener('message', (message) => this.receive(JSON.parse(String(message.data)) as EngineMessage));
    socket.addEventListener('open', () => {
      for (const text of this.unsent.splice(0)) socket.send(text);
      this.setOpen(true);
    });
    socket.addEventListener('close', () => {
      this.setOpen(false);
      this.unsent.length = 0;
      for (const resolve of this.waiting.values()) resolve(LOST);
      this.waiting.clear();
      setTimeout(() => this.connect(), RETRY_MS);
    });
  }

  private setOpen(isOpen: boolean): void {
    this.isOpen = isOpen;
    for (const listener of this.connectionListeners) listener(isOpen);
  }

  private receive(message: EngineMessage): void {
    if ('id' in message) {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    } else if (message.type === 'event') {
      for (const listener of this.listeners) listener(message.event);
    }
  }
}
