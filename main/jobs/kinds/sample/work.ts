import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { subtask } from '../../../kernels/task.ts';
import type { JobKindHandler } from '../../handlers.ts';
import { workOf } from '../../workRegistry.ts';
import { replaceText, type SampleInput } from './input.ts';

/** Makes the sample's derived columns, then does the work of an import. */
export const work: JobKindHandler<SampleInput, unknown> = {
  kind: 'sample',
  async work({ sourcePath, derive, importInput }, context) {
    const importer = await workOf('import', null);
    if (Object.keys(derive).length === 0) return importer.work(importInput as never, context);
    const folder = join(context.stagingDir, 'derived');
    await mkdir(folder);
    const made = join(folder, basename(sourcePath));
    context.report({ fraction: 0, step: 'Preparing the sample' });
    await addColumns(sourcePath, derive, made);
    context.signal.throwIfAborted();
    const input = replaceText(importInput, sourcePath, made);
    const outcome = await importer.work(input as never, { ...context, ...subtask(context, 0.3, 1) });
    await rm(folder, { recursive: true, force: true });
    return outcome;
  },
};

async function addColumns(from: string, derive: SampleInput['derive'], to: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const added = Object.entries(derive).map(
      ([name, expression]) => `(${expression}) AS "${name.replaceAll('"', '""')}"`,
    );
    await connection.run(
      `COPY (SELECT *, ${added.join(', ')} FROM read_parquet(${literal(from)})) TO ${literal(to)} (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
