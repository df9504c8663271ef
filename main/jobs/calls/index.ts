import type { Channel } from '../../contract/channels.ts';
import { AppError } from '../../contract/errors.ts';
import type { CallHandlers } from '../handlers.ts';
import type { EngineParts } from './parts.ts';

/** A handler for whichever channel; its input was checked against that channel's schema. */
export type AnyHandler = (input: unknown, parts: EngineParts) => unknown;

/** Handler maps by domain, loaded at the first call, so that the engine is ready before DuckDB and its like are. */
const domains: Readonly<Record<string, () => Promise<object>>> = {
  app: async () => (await import('./app.ts')).appCalls,
  project: async () => (await import('./project.ts')).projectCalls,
  job: async () => (await import('./job.ts')).jobCalls,
  run: async () => (await import('./run.ts')).runCalls,
};

/** Channels whose handler is not in the map of their own domain. */
const elsewhere: Partial<Readonly<Record<Channel, keyof typeof domains>>> = {
  'run.start': 'config',
  'run.export': 'config',
  'run.predict': 'config',
  'run.explain': 'explain',
  'run.explanation': 'explain',
};

/** Throws AppError CALL_NOT_AVAILABLE. */
export async function handlerOf(channel: Channel): Promise<AnyHandler> {
  const domain = elsewhere[channel] ?? channel.slice(0, channel.indexOf('.'));
  const calls = (await domains[domain]?.()) as CallHandlers | undefined;
  const handler = calls?.[channel];
  if (handler) return handler as AnyHandler;
  throw new AppError({
    code: 'CALL_NOT_AVAILABLE',
    message: `This engine cannot do "${channel}" yet.`,
    isInput: false,
  });
}

/** Loads every domain, so that first calls are as fast as later ones. */
export async function warmCalls(): Promise<void> {
  for (const load of Object.values(domains)) await load();
}
