import { AppError } from '../../contract/errors.ts';
import type { RunSummary } from '../../contract/run.ts';
import type { KnownProject } from '../../jobs/projects.ts';

/** A run by id, number or name, or the newest finished one for "latest"; throws AppError RUN_NOT_FOUND. */
export function findRun({ store }: KnownProject, key: string): RunSummary {
  const runs = store.runs.list();
  const found =
    key === 'latest'
      ? runs.find(({ status }) => status === 'done')
      : (runs.find(({ id }) => id === key) ?? runs.find(({ number, name }) => String(number) === key || name === key));
  if (found) return found;
  const known = runs.slice(0, 5).map(({ number, id, name }) => `${number} (${name}, ${id})`);
  throw new AppError({
    code: 'RUN_NOT_FOUND',
    message: key === 'latest' ? 'This project has no finished run.' : `This project has no run "${key}".`,
    fix: {
      kind: 'chooseRun',
      label: known.length > 0 ? `There are: ${known.join('; ')}` : 'Run a configuration first',
    },
  });
}
