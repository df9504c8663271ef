import { withoutGaps } from '../preprocess/categoryColumn.ts';
import type { PreprocessorState } from '../preprocess/plans.ts';
import type { FittedState } from '../estimator.ts';

/** What a file of pack version 1 says, where null may stand for a number that was lost. */
interface Earlier {
  readonly preprocessor: PreprocessorState;
  readonly fitted: Omit<FittedState, 'arrays'>;
}

/** What a person is told of a model that cannot be read back for certain. */
const DOUBT =
  'This model was saved by an earlier Pith that lost numbers which were not finite, and its file does not tell which: do not trust its predictions, and fit it again.';

/** Parts of a fitted model's JSON that no prediction reads, and in which null means "not known". */
const NOT_READ = new Set(['summary', 'findings']);

/**
 * Mends what pack version 1 lost. Models that take missing values as they are fill them with NaN, and their `fill` can have
 * been nothing else. Ordinal codes get one for levels that training did not see. Any other null leaves a doubt.
 * @param isNative the estimator takes missing values
 */
export function mendEarlier(
  { preprocessor, fitted }: Earlier,
  isNative: boolean,
): { preprocessor: PreprocessorState; doubt: string | null } {
  const plans = preprocessor.plans.map((plan) => {
    const isLost = plan.kind === 'number' && !plan.isIndicator && (plan.fill as number | null) === null;
    if (isNative) return isLost ? { ...plan, fill: NaN } : plan;
    return plan.kind === 'category' ? withoutGaps(plan) : plan;
  });
  const { json } = fitted;
  const isSure = !holdsNull(plans) && !holdsNull(json, NOT_READ);
  return { preprocessor: { ...preprocessor, plans }, doubt: isSure ? null : DOUBT };
}

function holdsNull(value: unknown, leaveOut: ReadonlySet<string> = new Set()): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  return Object.entries(value).some(([key, own]) => !leaveOut.has(key) && holdsNull(own));
}
