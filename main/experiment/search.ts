import { chooseMetric } from '../evaluate/metricNames.ts';
import { subtask, type TaskContext } from '../kernels/task.ts';
import type { EstimatorEntry } from '../models/entry.ts';
import { search } from '../tune/search.ts';
import type { CoresetStep } from './coreset/coresetStep.ts';
import { shapeOf } from './coreset/cost.ts';
import type { SettledConfig } from './coreset/settled.ts';
import { checkRanking, rankingWarning, redrawn } from './coreset/rankingCheck.ts';
import { allRowsFolds } from './folds/allRowsFolds.ts';
import { coresetFolds } from './folds/coresetFolds.ts';
import { dealForTree } from './folds/coresetParts.ts';
import { LearnedFolds } from './folds/madeFolds.ts';
import type { Prepared } from './rows/prepare.ts';
import type { Tuned } from './tuned.ts';

/** The search of a run, on the coreset or on all training rows; the given parameters where nothing is searched. */
export async function searchParams(
  config: SettledConfig,
  entry: EstimatorEntry,
  prepared: Prepared,
  coreset: CoresetStep | null,
  threads: number,
  task: TaskContext,
): Promise<Tuned> {
  const options = config.tune;
  if (!options || options.method === 'none' || Object.keys(options.space).length === 0) {
    return { params: config.model.params, trials: [], metric: null, nRows: 0 };
  }
  const metric = chooseMetric(options.metric, prepared.analysis.task);
  const drawn = options.on === 'coreset' ? (coreset?.drawn ?? null) : null;
  const learned = drawn && new LearnedFolds(prepared, dealForTree(prepared, drawn.tree, options.folds, options.seed));
  const allRows = () => allRowsFolds(prepared, options.folds, options.seed);
  task.report({ fraction: 0, step: 'Tuning' });
  const searching = {
    entry,
    params: config.model.params,
    tune: options,
    metric,
    target: prepared.target,
    features: prepared.preprocessor.features,
    threads,
  };
  const folds = learned ? coresetFolds(drawn, learned) : allRows();
  const found = await search({ ...searching, folds }, subtask(task, 0, 0.85));
  const nRows = drawn ? drawn.coreset.y.length : prepared.train.y.length;
  const tuned = { ...found, metric, nRows };
  if (!learned) return tuned;
  const ranking = await checkRanking(
    {
      tuned,
      options: searching,
      service: drawn.tree.settings.service,
      shape: shapeOf(prepared),
      nFolds: options.folds,
      allRows,
      otherDraw: () => {
        const other = redrawn(drawn, drawn.coreset.y.length);
        return other && coresetFolds(other, learned);
      },
    },
    subtask(task, 0.85, 1),
  );
  return { ...tuned, ranking };
}

/** Adds what is said of a ranking that is not to be trusted. */
export function addRankingWarning({ ranking }: Tuned, { warnings }: Prepared): void {
  const warning = ranking && rankingWarning(ranking);
  if (warning) warnings.push(warning);
}
