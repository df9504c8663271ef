import { type WebSocket, WebSocketServer } from 'ws';
import type { EngineEvent } from '../../contract/channels.ts';
import { CallMessage, type EngineMessage } from '../../contract/wire.ts';
import type { Engine } from '../../jobs/engine.ts';

/** A page that does not read lets this many bytes pile up before progress it would overwrite anyway is left out. */
const slackBytes = 4e6;

/** The WebSocket side of main/contract/wire.ts; connections reach it only after the guard let them pass. */
export function createSocketServer(engine: Engine): WebSocketServer {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64e6 });
  server.on('connection', (socket) => serve(engine, socket));
  return server;
}

function serve(engine: Engine, socket: WebSocket): void {
  const send = (message: EngineMessage) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const stop = engine.onEvent((event) => {
    if (socket.bufferedAmount < slackBytes || !isPassing(event)) send({ type: 'event', event });
  });
  socket.on('close', stop);
  socket.on('error', () => socket.terminate());
  socket.on('message', (data) => {
    const call = CallMessage.safeParse(parseJson(String(data)));
    if (!call.success) {
      socket.close(1007, 'not a call');
      return;
    }
    const { id, channel, payload } = call.data;
    void engine.call(channel, payload).then((reply) => send({ id, ...reply }));
  });
  send({ type: 'ready' });
}

function isPassing(event: EngineEvent): boolean {
  return event.type === 'series' || (event.type === 'job' && event.job.state.status === 'running');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
