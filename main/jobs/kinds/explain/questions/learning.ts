import type { LearningCurveAnswer } from '../../../../contract/explain.ts';
import { isLessBetter, mainMetric } from '../../../../evaluate/metricNames.ts';
import { scoreOn } from '../../../../evaluate/scorer.ts';
import { takeValues } from '../../../../kernels/matrix.ts';
import { createRng, permutation } from '../../../../kernels/rng.ts';
import { quietTask, type TaskContext } from '../../../../kernels/task.ts';
import { curveAdvice, learningCurve } from '../../../../models/explain/learningCurve.ts';
import type { Fitted } from '../../../../models/estimator.ts';
import { estimatorEntry } from '../../../../models/registry.ts';
import { learnOn } from '../../../../experiment/folds/learnOn.ts';
import { prepare, type Part } from '../../../../experiment/rows/prepare.ts';
import type { AskedModel } from '../input.ts';

const MAX_ROWS = 50_000;
const N_REPEATS = 3;

/** Train and validation score by number of training rows, for the parameters the run chose. */
export async function learning(input: AskedModel, threads: number, task: TaskContext): Promise<LearningCurveAnswer> {
  const { config, params } = input;
  const entry = await estimatorEntry(config.model.type);
  const data = await prepare(input.file, config, entry);
  const { train, validation, target } = data;
  const metric = mainMetric(data.analysis.task);
  const most = Math.min(MAX_ROWS, train.y.length);
  const { sizes = sizesUpTo(most) } = input.args as { sizes?: number[] };
  const scoreOf = async (fitted: Fitted, part: Omit<Part, 'rowIds'>): Promise<number> =>
    (await scoreOn(fitted, part.X, part.y, metric)) ?? NaN;
  const points = await learningCurve(
    sizes.filter((n) => n <= train.y.length),
    N_REPEATS,
    async (nRows, repeat) => {
      const ids = permutation(train.y.length, createRng(repeat + 1)).subarray(0, nRows);
      const { preprocessor, known } = learnOn(data, ids);
      const part = { X: known(ids), y: takeValues(train.y, ids) };
      const fitted = await entry.make(params).fit(part.X, part.y, target, {
        rng: createRng(repeat + 1).fork('fit'),
        task: { ...quietTask, signal: task.signal },
        threads,
        features: preprocessor.features,
      });
      return {
        train: await scoreOf(fitted, part),
        validation: await scoreOf(fitted, { X: preprocessor.transform(data.validationTable), y: validation.y }),
      };
    },
    task,
  );
  // The advice is for scores where larger is better.
  const sign = isLessBetter(metric) ? -1 : 1;
  const signed = points.map((p) => ({
    ...p,
    train: sign * p.train,
    validation: sign * p.validation,
    ...(p.low !== undefined &&
      p.high !== undefined && {
        low: Math.min(sign * p.low, sign * p.high),
        high: Math.max(sign * p.low, sign * p.high),
      }),
  }));
  return { metric, points, nValidation: validation.y.length, advice: curveAdvice(signed, config.model.type) };
}

/** Seven sizes, each about twice the one before. */
function sizesUpTo(most: number): number[] {
  return Array.from({ length: 7 }, (_, i) => Math.round(most / 2 ** (6 - i))).filter((n) => n >= 30);
}
