import { existsSync } from 'node:fs';
import type { Channel } from '../../contract/channels.ts';
import { AppError } from '../../contract/errors.ts';
import type { CallHandlers } from '../handlers.ts';
import type { EngineParts } from './parts.ts';

/** A handler for whichever channel; its input was checked against that channel's schema. */
export type AnyHandler = (input: unknown, parts: EngineParts) => unknown;

/** Domain `x` is the file `x.ts` here, which exports the handler map `xCalls`. */
const domains = [
  'app',
  'project',
  'job',
  'run',
  'data',
  'config',
  'coreset',
  'explain',
  'runJobs',
  'testRows',
] as const;
type Domain = (typeof domains)[number];

/** Channels whose handler is not in the map of their own domain. */
const elsewhere: Partial<Readonly<Record<Channel, Domain>>> = {
  'run.start': 'runJobs',
  'run.export': 'runJobs',
  'run.predict': 'runJobs',
  'run.openTest': 'testRows',
  'run.explain': 'explain',
  'run.explanation': 'explain',
};

/** The handler of a channel; its domain is loaded at the first call. Throws AppError CALL_NOT_AVAILABLE. */
export async function handlerOf(channel: Channel): Promise<AnyHandler> {
  const domain = elsewhere[channel] ?? (channel.slice(0, channel.indexOf('.')) as Domain);
  const handler = (await callsOf(domain))?.[channel];
  if (handler) return handler as AnyHandler;
  throw new AppError({ code: 'CALL_NOT_AVAILABLE', message: `This engine cannot do "${channel}".`, isInput: false });
}

/** Loads every domain, so that first calls are as fast as later ones. */
export async function warmCalls(): Promise<void> {
  for (const domain of domains) await callsOf(domain);
}

/** On demand, so that the engine is ready before DuckDB and its like are loaded. */
async function callsOf(domain: Domain): Promise<CallHandlers | undefined> {
  const file = new URL(`./${domain}.ts`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const module = (await import(file.href)) as Readonly<Record<string, CallHandlers>>;
  return module[`${domain}Calls`];
}
