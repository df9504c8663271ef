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
  sizes: { type: 'string' },
  target: { type: 'string' },
  service: { type: 'string' },
  seed: { type: 'string' },
  drop: { type: 'string' },
  name: { type: 'string' },
  time: { type: 'string' },
  level: { type: 'string' },
  offset: { type: 'string' },
  limit: { type: 'string' },
  rows: { type: 'string' },
  from: { type: 'string' },
  keep: { type: 'string' },
  unseen: { type: 'boolean', default: false },
  measure: { type: 'boolean', default: false },
  model: { type: 'string' },
  draws: { type: 'string' },
  // Output is JSON anyway; accepted so that scripts may say it everywhere.
  json: { type: 'boolean', default: true },
} as const;

/** Verbs whose answer is that of one call about one coreset. */
const calls = {
  info: 'coreset.info',
  get: 'coreset.get',
  important: 'coreset.important',
  represents: 'coreset.represents',
  update: 'coreset.update',
  remove: 'coreset.removeSamples',
  filter: 'coreset.removeSamples',
  window: 'coreset.window',
  grow: 'coreset.grow',
  edits: 'coreset.edits',
  undo: 'coreset.undo',
  seen: 'coreset.markSeen',
  erase: 'coreset.erase',
} as const satisfies Record<string, Channel>;

const positionals: Readonly<Record<string, readonly string[]>> = {
  list: [],
  build: ['FILE or DATASET'],
  compare: ['FILE or DATASET'],
  append: ['ID', 'FILE or DATASET'],
  represents: ['ID', 'ROW'],
  fidelity: ['ID'],
};

const Fields = z.record(z.string(), z.unknown());

export function coreset([verb = '', ...argv]: string[]): Promise<number> {
  if (!(verb in calls) && !(verb in positionals)) {
    throw usageError('coreset', verb === '' ? 'VERB is missing.' : `There is no verb "${verb}".`);
  }
  const { values, positionals: given } = readArgs('coreset', argv, positionals[verb] ?? ['ID'], options);
  const fields = fieldsOf(verb, values, given);
  const subject = given[0] ?? '';
  const isNew = verb === 'build' || verb === 'compare';
  return withSession(isNew ? 'coreset' : undefined, async (session) => {
    const { project: dir } = values;
    const project = isNew ? session.openProject(dir, process.cwd()) : session.openExisting(dir);
    const ask = <C extends Channel>(channel: C, more: object) =>
      session.engine.ask(channel, { projectId: project.id, ...more } as In<C>);
    await printJson(await answer());
    return 0;

    async function answer(): Promise<unknown> {
      if (verb === 'list') return ask('coreset.list', {});
      if (verb === 'build') return build(session, project, subject, fields);
      if (verb === 'compare') return compare(session, project, subject, fields);
      const coresetId = idOf(project, subject);
      if (verb === 'append') {
        const { jobId } = await ask('coreset.append', {
          coresetId,
          versionId: await versionOf(session, project, given[1]!),
        });
        await session.finish(project.id, jobId);
        return ask('coreset.info', { coresetId });
      }
      if (verb !== 'fidelity') return ask(calls[verb as keyof typeof calls], { coresetId, ...fields });
      // Whoever says how to measure wants it measured.
      const isAnew = values.measure || ['model', 'sizes', 'nDraws'].some((name) => name in fields);
      const known = isAnew ? null : await ask('coreset.fidelity', { coresetId });
      if (known !== null) return known;
      const { jobId } = await ask('coreset.measureFidelity', { coresetId, ...fields });
      await session.finish(project.id, jobId);
      return ask('coreset.fidelity', { coresetId });
    }
  });
}

type Values = { readonly [K in keyof typeof options]?: string | boolean | undefined };

/** Fields of the call, from options and `--input`. */
function fieldsOf(verb: string, values: Values, given: readonly string[]): Record<string, unknown> {
  const text = (name: keyof Values) => values[name] as string | undefined;
  const number = (name: 'seed' | 'level' | 'offset' | 'limit', min: number) => {
    const value = text(name);
    return value === undefined ? {} : { [name]: wholeNumber('coreset', name, value, min) };
  };
  const list = (name: 'drop' | 'rows' | 'sizes') =>
    text(name)
      ?.split(',')
      .map((part) => part.trim());
  const rows = text('rows');
  const sizes = list('sizes');
  const [size, target, service, name, time, from, keep, model, draws] = (
    ['size', 'target', 'service', 'name', 'time', 'from', 'keep', 'model', 'draws'] as const
  ).map(text);
  return {
    ...readInput(text('input')),
    ...(size !== undefined && { size: sizeOf(size, 'size') }),
    ...(sizes !== undefined &&
      (verb === 'fidelity'
        ? { sizes: sizes.map((one) => wholeNumber('coreset', 'sizes', one, 1)) }
        : { settings: sizes.map((one) => ({ size: sizeOf(one, 'sizes') })) })),
    ...(model !== undefined && { model }),
    ...(draws !== undefined && { nDraws: wholeNumber('coreset', 'draws', draws, 1) }),
    ...number('seed', 0),
    ...number('level', 0),
    ...number('offset', 0),
    ...number('limit', 1),
    ...(target !== undefined && { target }),
    ...(service !== undefined && { service }),
    ...(name !== undefined && { name }),
    ...(values.drop !== undefined && { drop: list('drop') }),
    ...(time !== undefined && { timeColumn: time }),
    ...(from !== undefined && { from }),
    ...(keep !== undefined && { keep: sizeOf(keep, 'keep') }),
    ...(values.unseen === true && { isUnseenOnly: true }),
    ...(verb === 'grow' && rows !== undefined && { nRows: wholeNumber('coreset', 'rows', rows, 1) }),
    ...(verb !== 'grow' &&
      rows !== undefined && { rowIds: list('rows')!.map((id) => wholeNumber('coreset', 'rows', id, 0)) }),
    ...(verb === 'represents' && { rowId: wholeNumber('coreset', 'ROW', given[1]!, 0) }),
  };
}

async function build(
  session: Session,
  project: KnownProject,
  subject: string,
  fields: Record<string, unknown>,
): Promise<Out<'coreset.info'>> {
  if (!('size' in fields)) throw usageError('coreset', '--size N is missing.');
  const versionId = await versionOf(session, project, subject);
  const input = { projectId: project.id, versionId, ...fields } as In<'coreset.build'>;
  const { jobId } = await session.engine.ask('coreset.build', input);
  const { state } = await session.finish(project.id, jobId);
  const coresetId = state.status === 'done' ? (state.resultId ?? '') : '';
  return session.engine.ask('coreset.info', { projectId: project.id, coresetId });
}

async function compare(
  session: Session,
  project: KnownProject,
  subject: string,
  fields: Record<string, unknown>,
): Promise<Out<'coreset.comparison'>> {
  if (!('settings' in fields)) throw usageError('coreset', '--sizes A,B is missing.');
  const versionId = await versionOf(session, project, subject);
  const input = { projectId: project.id, versionId, ...fields } as In<'coreset.compare'>;
  const { jobId, comparisonId } = await session.engine.ask('coreset.compare', input);
  await session.finish(project.id, jobId);
  return session.engine.ask('coreset.comparison', { projectId: project.id, comparisonId });
}

/** The newest version of a data set of the project, else a file that is imported now. */
async function versionOf(session: Session, project: KnownProject, subject: string): Promise<string> {
  const known = project.store.datasets.find(subject)?.versions[0]?.id;
  return known ?? (await importInto(session, project, existingFile(subject), {})).version.id;
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
function sizeOf(text: string, option: string): number {
  const size = Number(text);
  if (text.trim() !== '' && Number.isFinite(size) && size > 0) return size;
  const what = option === 'keep' ? 'a number above 0' : 'a number of rows, or a share below 1';
  throw usageError('coreset', `--${option} takes ${what}, not "${text}".`);
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
