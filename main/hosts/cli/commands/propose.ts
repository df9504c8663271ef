import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { CandidateResult, CandidatesAnswer } from '../../../contract/candidates.ts';
import { asKnownFailure } from '../../../store/failures.ts';
import { readArgs, usageError } from '../args.ts';
import { number, printJson, table } from '../output.ts';
import { existingFile, importOptionsOf, readingOptions } from '../reading.ts';
import { withSession } from '../session.ts';
import { importInto } from './import.ts';

const DEFAULT_BUDGET_S = 30;

export function propose(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('propose', argv, ['FILE'], {
    ...readingOptions,
    target: { type: 'string' },
    budget: { type: 'string', default: String(DEFAULT_BUDGET_S) },
    out: { type: 'string', short: 'o' },
    project: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { target, out } = values;
  if (target === undefined) throw usageError('propose', '--target COLUMN is missing.');
  const budgetS = Number(values.budget);
  if (!(budgetS >= 1 && budgetS <= 3600))
    throw usageError('propose', `--budget takes seconds from 1 to 3600, not "${values.budget}".`);
  const path = existingFile(positionals[0]!);
  const options = importOptionsOf('propose', values);
  return withSession('import', async (session) => {
    const project = session.openProject(values.project, process.cwd());
    const { version, dataset } = await importInto(session, project, path, options);
    const about = { projectId: project.id, versionId: version.id, target };
    const { jobId } = await session.engine.ask('config.candidates', { ...about, budgetS });
    await session.finish(project.id, jobId);
    const answer = (await session.engine.ask('config.candidatesAnswer', about))!;
    const best = answer.candidates.find(({ state }) => state === 'done');
    if (out !== undefined && best) {
      try {
        writeFileSync(resolve(out), best.yaml);
      } catch (cause) {
        throw asKnownFailure(cause);
      }
    }
    if (values.json) await printJson({ file: basename(path), dataset: dataset.name, ...answer, project: project.path });
    else console.log(describe(answer, out !== undefined && best ? out : null));
    return 0;
  });
}

function describe(answer: CandidatesAnswer, written: string | null): string {
  const { candidates, metric, nTestRows, nFolds, usedS, budgetS } = answer;
  const interval = (c: CandidateResult) =>
    c.score ? `${number(c.score.low)} to ${number(c.score.high)}` : (c.error ?? c.state);
  const rows = candidates.map((c, i) => [
    String(i + 1),
    c.type,
    number(c.score?.mean),
    interval(c),
    c.gapToBest ? `${number(c.gapToBest.mean)} (${number(c.gapToBest.low)} to ${number(c.gapToBest.high)})` : '',
    String(c.nTrials),
    c.estimate ? number(Number(c.estimate.trialS.toPrecision(2))) : '',
    c.estimate ? number(Number(c.estimate.fullFitS.toPrecision(2))) : '',
  ]);
  return [
    ...answer.facts.map((fact) => `- ${fact}`),
    '',
    table(['', 'model', metric, '95 % interval', 'minus the best', 'trials', 's a trial', 's on all rows'], rows),
    '',
    ...candidates.map((c) => `${c.title}: ${c.reasons.join(' ')}\n  ${JSON.stringify(c.params)}`),
    '',
    `${answer.verdict}`,
    `Scored on the same ${nTestRows} held-out rows in each of ${nFolds} folds of the training rows; ${number(usedS)} of ${budgetS} s used.`,
    ...(written === null ? [] : [`The configuration of the first was written to ${written}.`]),
  ].join('\n');
}
