import type { Channel, EngineEvent, In, Out } from '../../main/contract/channels.ts';
import type { FileRef } from '../../main/contract/data.ts';
import { fromAppErrorData } from '../../main/contract/errors.ts';
import { shell, type Shell } from './shell.ts';
import { SocketTransport } from './socketTransport.ts';
import type { Transport } from './transport.ts';

const transport: Transport = shell ? shellTransport(shell) : new SocketTransport();

function shellTransport(through: Shell): Transport {
  return {
    call: (channel, payload) => through.call(channel, payload),
    onEvent: (listener) => through.onEvent(listener),
    onConnection: (listener) => {
      listener(true);
      return () => undefined;
    },
  };
}

/** Asks the engine; throws AppError with its code, sentence and way out. */
export async function call<C extends Channel>(channel: C, input: In<C>): Promise<Out<C>> {
  const reply = await transport.call(channel, input);
  if (reply.ok) return reply.value as Out<C>;
  throw fromAppErrorData(reply.error);
}

/** Calls `listener` for each event of the engine; returns the function that stops it. */
export const onEvent = (listener: (event: EngineEvent) => void): (() => void) => transport.onEvent(listener);

export const onConnection = (listener: (isConnected: boolean) => void): (() => void) =>
  transport.onConnection(listener);

export interface ChosenFile {
  readonly ref: FileRef;
  readonly name: string;
}

/** Asks the person for a table; null when they cancel. */
export async function chooseFile(request: {
  title: string;
  extensions: readonly string[];
}): Promise<ChosenFile | null> {
  if (shell) {
    const path = await shell.openDialog({ what: 'table' });
    return path === null ? null : { ref: { kind: 'path', path }, name: baseName(path) };
  }
  const file = await pickInBrowser(request.extensions);
  return file ? fileToRef(file) : null;
}

/** A dropped or picked file as the engine knows it: its path in the shell, an upload in a browser. */
export async function fileToRef(file: File): Promise<ChosenFile> {
  const path = shell ? await shell.pathOf(file) : null;
  if (path !== null) return { ref: { kind: 'path', path }, name: file.name };
  const answer = await fetch(`/api/upload?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file });
  if (!answer.ok) throw new Error(`The upload of ${file.name} failed: ${await answer.text()}`);
  const { token } = (await answer.json()) as { token: string };
  return { ref: { kind: 'upload', token }, name: file.name };
}

/** Where to save: a path, null for a browser download, or 'cancelled'. */
export async function chooseSavePath(request: {
  title: string;
  defaultName: string;
  extensions: readonly string[];
}): Promise<string | null | 'cancelled'> {
  if (!shell) return null;
  return (await shell.saveDialog({ suggestedName: request.defaultName })) ?? 'cancelled';
}

/** Fetches what a call or a job offered under `token`, once. */
export function download(token: string): void {
  const link = document.createElement('a');
  link.href = `/api/download/${encodeURIComponent(token)}`;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

function pickInBrowser(extensions: readonly string[]): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = extensions.map((extension) => `.${extension.replace(/^\./, '')}`).join(',');
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
