import type { DataVersion, Dataset } from '../../../contract/data.ts';
import { AppError } from '../../../contract/errors.ts';
import type { KnownProject } from '../../../jobs/projects.ts';
import { readArgs } from '../args.ts';
import { printJson } from '../output.ts';
import { existingFile, importOptionsOf, readingOptions } from '../reading.ts';
import { type Session, withSession } from '../session.ts';
import type { ImportOptions } from '../../../contract/data.ts';

export function importFile(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('import', argv, ['FILE'], {
    ...readingOptions,
    project: { type: 'string' },
    name: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const path = existingFile(positionals[0]!);
  const options = importOptionsOf('import', values);
  return withSession('import', async (session) => {
    const project = session.openProject(values.project, process.cwd());
    const { dataset, version } = await importInto(session, project, path, options, values.name);
    if (values.json) {
      const { hash, nRows, columns, bytes } = version;
      const ids = { datasetId: dataset.id, name: dataset.name, versionId: version.id };
      await printJson({ ...ids, hash, nRows, columns, bytes, project: project.path });
    } else {
      console.log(
        `${dataset.name}: ${version.nRows} rows, ${version.columns.length} columns, version ${version.hash.slice(0, 12)}\n` +
          `kept in ${project.path}`,
      );
    }
    return 0;
  });
}

/** Imports a file and resolves to the data set and version it became. */
export async function importInto(
  session: Session,
  project: KnownProject,
  path: string,
  options: ImportOptions,
  name?: string,
): Promise<{ dataset: Dataset; version: DataVersion }> {
  const { jobId } = await session.engine.ask('data.import', {
    projectId: project.id,
    file: { kind: 'path', path },
    options,
    ...(name !== undefined && { name }),
  });
  const { state } = await session.finish(project.id, jobId);
  const resultId = state.status === 'done' ? state.resultId : null;
  for (const dataset of project.store.datasets.list()) {
    const version = dataset.versions.find(({ id }) => id === resultId || dataset.id === resultId);
    if (version) return { dataset, version };
  }
  throw new AppError({ code: 'IMPORT_LOST', message: `"${path}" was read but is not in the project.`, isInput: false });
}
