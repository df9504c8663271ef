import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Channel, In, Out } from '../../../contract/channels.ts';
import { AppError } from '../../../contract/errors.ts';
import type { KnownProject } from '../../../jobs/projects.ts';
import { readArgs, usageError, wholeNumber } from '../args.ts';
import { printJson } from '../output.ts';
import { existingFile } from '../reading.ts';
import { type Session, withSession } from '../session.ts';
import { importInto } from './import.ts';

const options = {
  project: { type: 'string' },
  input: { type: 'string' },
  size: { type: 'string' },
  target: { type: 'string' },
  service: { type: 'string' },
  seed: { type: 'string' },
  drop: { type: 'string' },
  name: { type: 'string' },
  level: { type: 'string' },
  offset: { type: 'string' },
  limit: { type: 'string' },
  measure: { type: 'boolean', default: false },
  // Output is JSON anyway; accepted so that scripts may say it everywhere.
  json: { type: 'boolean', default: true },
} as const;

/** Verbs whose answer is that of one call about one coreset. */
const calls = {
  info: 'coreset.info',
  get: 'coreset.get',
  important: 'coreset.important',
  update: 'coreset.update',
  remove: 'coreset.removeSamples',
} as const satisfies Record<string, Channel>;

const Fields = z.record(z.string(), z.unknown());

export function coreset([verb = '', ...argv]: string[]): Promise<number> {
  const isList = verb === 'list';
  const positional = isList ? [] : [verb === 'build' ? 'FILE or DATASET' : 'ID'];
  if (!isList && verb !== 'build' && verb !== 'fidelity' && !(verb in calls)) {
    throw usageError('coreset', verb === '' ? 'VERB is missing.' : `There is no verb "${verb}".`);
  }
  const { values, positionals } = readArgs('coreset', argv, positional, options);
  const number = (name: 'seed' | 'level' | 'offset' | 'limit', min: number) =>
    values[name] === undefined ? {} : { [name]: wholeNumber('coreset', name, values[name], min) };
  const fields = {
    ...readInput(values.input),
    ...(values.size !== undefined && { size: sizeOf(values.size) }),
    ...number('seed', 0),
    ...number('level', 0),
    ...number('offset', 0),
    ...number('limit', 1),
    ...(values.target !== undefined && { target: values.target }),
    ...(values.service !== undefined && { service: values.service }),
    ...(values.name !== undefined && { name: values.name }),
    ...(values.drop !== undefined && { drop: values.drop.split(',').map((name) => name.trim()) }),
  };
  const subject = positionals[0] ?? '';
  return withSession(verb === 'build' ? 'coreset' : undefined, async (session) => {
    const { project: dir } = values;
    const project = verb === 'build' ? session.openProject(dir, process.cwd()) : session.openExisting(dir);
    const ask = <C extends Channel>(channel: C, more: object) =>
      session.engine.ask(channel, { projectId: project.id, ...more } as In<C>);
    await printJson(await answer());
    return 0;

    async function answer(): Promise<unknown> {
      if (isList) return ask('coreset.list', {});
      if (verb === 'build') return build(session, project, subject, fields);
      const coresetId = idOf(project, subject);
      if (verb !== 'fidelity') return ask(calls[verb as keyof typeof calls], { coresetId, ...fields });
      const known = values.measure ? null : await ask('coreset.fidelity', { coresetId });
      if (known !== null) return known;
      const { jobId } = await ask('coreset.measureFidelity', { coresetId, ...fields });
      await session.finish(project.id, jobId);
      return ask('coreset.fidelity', { coresetId });
    }
  });
}

async function build(
  session: Session,
  project: KnownProject,
  subject: string,
  fields: Record<string, unknown>,
): Promise<Out<'coreset.info'>> {
  if (!('size' in fields)) throw usageError('coreset', '--size N is missing.');
  const versionId = project.store.datasets.find(subject)?.versions[0]?.id ?? (await importedVersion());
  const input = { projectId: project.id, versionId, ...fields } as In<'coreset.build'>;
  const { jobId } = await session.engine.ask('coreset.build', input);
  const { state } = await session.finish(project.id, jobId);
  const coresetId = state.status === 'done' ? (state.resultId ?? '') : '';
  return session.engine.ask('coreset.info', { projectId: project.id, coresetId });

  async function importedVersion(): Promise<string> {
    const { version } = await importInto(session, project, existingFile(subject), {});
    return version.id;
  }
}

/** A coreset by id or name, or the newest for "latest". */
function idOf({ store }: KnownProject, key: string): string {
  const all = store.coresets.list();
  const found = key === 'latest' ? all[0] : (all.find(({ id }) => id === key) ?? all.find(({ name }) => name === key));
  if (found) return found.id;
  throw new AppError({
    code: 'CORESET_NOT_FOUND',
    message: `This project has no coreset "${key}".`,
    fix: {
      kind: 'chooseCoreset',
      label:
        all.length > 0 ? `There are: ${all.map(({ id, name }) => `${name} (${id})`).join('; ')}` : 'Build one first',
    },
  });
}

/** Rows (≥ 1) or a share of them (< 1). */
function sizeOf(text: string): number {
  const size = Number(text);
  if (text.trim() !== '' && Number.isFinite(size) && size > 0) return size;
  throw usageError('coreset', `--size takes a number of rows, or a share below 1, not "${text}".`);
}

function readInput(given: string | undefined): Record<string, unknown> {
  if (given === undefined) return {};
  const isFile = given.startsWith('@');
  const text = isFile
    ? readFileSync(existingFile(given.slice(1)), 'utf8')
    : given === '-'
      ? readFileSync(0, 'utf8')
      : given;
  try {
    return Fields.parse(JSON.parse(text));
  } catch {
    const where = isFile ? `"${given.slice(1)}"` : given === '-' ? 'stdin' : '--input';
    throw usageError(
      'coreset',
      `${where} is not a JSON object${isAbsolute(given) ? ' (for a file write @FILE)' : ''}.`,
    );
  }
}
