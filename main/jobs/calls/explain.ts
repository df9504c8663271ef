import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../../contract/errors.ts';
import { explanations, type Question } from '../../contract/explain.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';
import type { ExplainInput } from '../kinds/explain/input.ts';

/** Questions about a run's model: an answer is an artefact of the run, computed once. */
export const explainCalls = {
  'run.explain': async ({ projectId, runId, question, args }, engine) => {
    const { store } = engine.writableProject(projectId);
    const detail = store.runs.detail(runId);
    if (!isQuestion(question)) {
      throw new AppError({
        code: 'QUESTION_UNKNOWN',
        message: `There is no question "${question}".`,
        fix: { kind: 'chooseQuestion', label: `Ask one of ${Object.keys(explanations).join(', ')}` },
      });
    }
    if (detail.result === null || detail.versionHash === null) {
      throw new AppError({
        code: 'RUN_NOT_DONE',
        message: `"${detail.name}" has no model to explain.`,
        fix: { kind: 'openRuns', label: 'Choose a finished run' },
      });
    }
    const { requireConfig } = await import('../config/checkConfig.ts');
    const rowsKind = rowsOf(engine, projectId, runId, args);
    const input: ExplainInput = {
      runId,
      question,
      args,
      artefact: artefactName(question, args),
      config: await requireConfig(detail.yaml, () => null),
      params: detail.result.params,
      pipeline: store.artefacts.path(runId, `pipeline-${rowsKind}`),
      file: store.files.dataPath(detail.versionHash),
      rowsKind,
    };
    const job = engine.submit({ projectId, kind: 'explain', title: `${titles[question]} of ${detail.name}`, input });
    return { jobId: job.id };
  },
  'run.explanation': ({ projectId, runId, question, args }, engine) => {
    const { store } = engine.project(projectId);
    const name = artefactName(question, args);
    if (!store.artefacts.find(runId, name)) return null;
    return JSON.parse(readFileSync(store.artefacts.path(runId, name), 'utf8')) as unknown;
  },
} satisfies CallHandlers;

const titles: Readonly<Record<Question, string>> = {
  importance: 'Importance',
  shap: 'SHAP values',
  prediction: 'One prediction',
  partialDependence: 'Dependence',
  tree: 'Trees',
  clusters: 'Clusters',
  components: 'Components',
  learningCurve: 'Learning curve',
};

const isQuestion = (question: string): question is Question => question in explanations;

/** The model fitted on all rows where there is one. */
function rowsOf(
  engine: EngineContext,
  projectId: string,
  runId: string,
  args: Readonly<Record<string, unknown>>,
): 'full' | 'coreset' {
  const { store } = engine.project(projectId);
  const has = (rows: string) => store.artefacts.find(runId, `pipeline-${rows}`) !== undefined;
  return args['rows'] === 'coreset' && has('coreset') ? 'coreset' : has('full') ? 'full' : 'coreset';
}

/** Answers of the first Pith read gaps as 0 in trees; they are asked for again. */
const ANSWERS = 2;

/** The same question with the same arguments, in whatever order, has one answer. */
function artefactName(question: string, args: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `explain-${question}-${createHash('sha256')
    .update(JSON.stringify([ANSWERS, sorted]))
    .digest('hex')
    .slice(0, 12)}`;
}
