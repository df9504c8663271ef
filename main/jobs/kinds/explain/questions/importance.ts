import type { ImportanceAnswer } from '../../../../contract/explain.ts';
import { createRng } from '../../../../kernels/rng.ts';
import type { TaskContext } from '../../../../kernels/task.ts';
import { sourcesOf, sumBySource } from '../../../../models/explain/groups.ts';
import { impurityImportance } from '../../../../models/explain/impurity.ts';
import { permutationImportance } from '../../../../models/explain/permutation.ts';
import type { AskedModel } from '../input.ts';
import { scoreOf, subjectOf } from '../subject.ts';
import { contributions, hasEnsemble, notForModel, rowsToExplain } from './contributions.ts';

const N_ROWS = 3000;

/** How much the model leans on each raw column. */
export async function importance(input: AskedModel, task: TaskContext): Promise<ImportanceAnswer> {
  const { kind = 'permutation', nRepeats = 5 } = input.args as { kind?: string; nRepeats?: number };
  const subject = await subjectOf(input, ({ fitted }) => (kind === 'shap' ? rowsToExplain(fitted, N_ROWS) : N_ROWS));
  const base = { rowsKind: 'validation', nRows: subject.y.length, kind };
  const { fitted, preprocessor } = subject.pipeline;
  if (kind === 'impurity') {
    if (!hasEnsemble(fitted)) throw notForModel('Impurity importance', 'Use permutation importance');
    const { sources, place } = sourcesOf(preprocessor.features);
    const shares = sumBySource(impurityImportance(fitted.ensemble), 1, place, sources.length);
    const items = sources.map((feature, i) => ({ feature, value: shares[i]! }));
    return { ...base, rowsKind: 'training', unit: 'share of impurity removed', items: descending(items) };
  }
  if (kind === 'shap') {
    const { values, features, unit } = await contributions(subject, undefined, task);
    const items = features.map((feature, k) => ({
      feature,
      value: values.reduce((sum, row) => sum + Math.abs(row[k]!), 0) / Math.max(1, values.length),
    }));
    return { ...base, unit: `mean |contribution| to ${unit}`, items: descending(items) };
  }
  const { metric, score } = scoreOf(subject, subject.y);
  const names = subject.table.columns.map(({ name }) => name);
  const used = new Set(preprocessor.inputs.map(({ name }) => name));
  const items = await permutationImportance(
    subject.table,
    names.filter((name) => used.has(name)),
    score,
    { nRepeats, rng: createRng(11), task },
  );
  return { ...base, unit: metric === 'rmse' ? 'rise of RMSE when shuffled' : 'loss of ROC AUC when shuffled', items };
}

const descending = <T extends { value: number }>(items: T[]): T[] => items.toSorted((a, b) => b.value - a.value);
