import type { RunConfig } from '../../contract/config.ts';
import type { Evaluation, FitRows } from '../../contract/run.ts';
import type { Split } from '../../data/split.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import { said } from '../../evaluate/scorer.ts';
import { evaluateStructure, isStructureModel, scoreStructure } from '../../evaluate/structure.ts';
import { takeTableRows } from '../../kernels/table.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { FittedPipeline } from '../../models/pipeline/pipeline.ts';
import { dependenceOf } from '../rows/dependence.ts';
import { readRows } from '../rows/prepare.ts';
import { RawRows } from '../seal/rawRows.ts';
import { prepareStructure } from '../structure/prepare.ts';

/** A saved model, read back. */
export interface SavedModel {
  readonly rows: FitRows;
  readonly nFitRows: number;
  readonly pipeline: FittedPipeline;
}

/** What a way of scoring takes, and what it gives. */
export interface Scored {
  readonly file: string;
  readonly config: RunConfig;
  readonly models: readonly SavedModel[];
  /** Called with the split before any test row is looked at. */
  check(split: Split): void;
}

export interface Scores {
  readonly split: Split;
  readonly evaluations: readonly Evaluation[];
}

/** Models that predict a target. */
export async function scorePredictions({ file, config, models, check }: Scored, task: TaskContext): Promise<Scores> {
  const rowsRead = await readRows(file, config);
  const { split, features, y } = rowsRead;
  check(split);
  const groups = dependenceOf(rowsRead, split.test);
  const table = new RawRows(takeTableRows(features, split.test));
  const actual = Float64Array.from(split.test, (i) => y[i]!);
  const evaluations: Evaluation[] = [];
  for (const model of models) {
    task.report({ fraction: evaluations.length / models.length });
    const { rows, nFitRows, pipeline } = model;
    const found = await said(pipeline.fitted, table.featuresFor(pipeline));
    evaluations.push(evaluate(found, actual, pipeline.classes, { rows, nFitRows, hasIntervals: true, groups }));
    await task.yield();
    task.signal.throwIfAborted();
  }
  return { split, evaluations };
}

/** Clusterings and components. */
export async function scoreStructures({ file, config, models, check }: Scored, task: TaskContext): Promise<Scores> {
  const { split, features, mean, groupsOf } = await prepareStructure(file, config);
  check(split);
  const table = takeTableRows(features, split.test);
  const evaluations: Evaluation[] = [];
  for (const { rows, nFitRows, pipeline } of models) {
    task.report({ fraction: evaluations.length / models.length });
    const { fitted, preprocessor } = pipeline;
    if (!isStructureModel(fitted)) throw new TypeError(`${fitted.type} does not say what it leaves unexplained`);
    const scores = await scoreStructure(fitted, preprocessor.transform(table), mean);
    evaluations.push(evaluateStructure(scores, { rows, nFitRows, hasIntervals: true, groups: groupsOf(split.test) }));
    await task.yield();
    task.signal.throwIfAborted();
  }
  return { split, evaluations };
}
