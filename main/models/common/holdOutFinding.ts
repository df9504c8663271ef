import type { HoldOut, ModelFinding, TargetInfo } from '../estimator.ts';
import { LEAST_HELD, type HoldOutContext } from './holdOut.ts';

/** Beyond this, holding out more costs more than it tells. */
const LARGEST_SHARE = 0.5;

interface Asked {
  readonly y: Float64Array;
  readonly target: TargetInfo;
  readonly share: number;
  readonly context: HoldOutContext;
  /** What the held-out rows are for, e.g. `early stopping`. */
  readonly purpose: string;
  /** What was done where there are too few, one sentence. */
  readonly instead: string;
}

/**
 * What a person should know of the rows that `holdOutRows` found: HOLD_OUT_TOO_SMALL where there are none,
 * HOLD_OUT_LACKS_CLASS where they have no row of a class; with the share that would do.
 */
export function holdOutFinding(parts: HoldOut | null, asked: Asked): ModelFinding | null {
  const { y, target, share, context, purpose, instead } = asked;
  const sizes = classSizes(y, target, context.sampleWeight);
  const nRows = sizes.reduce((sum, n) => sum + n, 0);
  if (parts === null) {
    const isClassed = target.task !== 'regression';
    const second = sizes.toSorted((a, b) => b - a)[1] ?? 0;
    const rule = context.holdOut ? ', by the rule of the split' : '';
    return {
      code: 'HOLD_OUT_TOO_SMALL',
      severity: 'warning',
      title: `Too few rows for ${purpose}`,
      detail:
        `${percent(share)} of ${nRows.toLocaleString('en')} training rows${rule} are not ${LEAST_HELD} rows` +
        `${isClassed ? ' of two classes' : ''}, which is the least that ${purpose} needs. ${instead}`,
      remedies: [
        ...largerShare(Math.max((LEAST_HELD - 0.5) / nRows, isClassed ? halfRow(second) : 0), share),
        ...(purpose === 'early stopping'
          ? [{ label: 'Train without early stopping', patch: { model: { params: { earlyStopping: false } } } }]
          : []),
      ],
    };
  }
  if (target.task === 'regression') return null;
  const held = new Set(Array.from(parts.held, (row) => y[row]!));
  const lacking = sizes.flatMap((n, k) => (n > 0 && !held.has(k) ? [k] : []));
  if (lacking.length === 0) return null;
  const names = lacking.map((k) => `"${target.classNames?.[k] ?? k}"`);
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return {
    code: 'HOLD_OUT_LACKS_CLASS',
    severity: 'info',
    title: `No row of ${shown} is held out`,
    detail: `${percent(share)} of the training rows are held out for ${purpose}, none of them of ${shown}: when to stop is judged on the other classes.`,
    remedies: largerShare(halfRow(Math.min(...lacking.map((k) => sizes[k]!))), share),
  };
}

/** The share at which a class of n rows gives up one; none where it has but one. */
const halfRow = (n: number): number => (n > 1 ? 0.5 / n : Infinity);

function largerShare(least: number, share: number): ModelFinding['remedies'] {
  const enough = Math.ceil(20 * least + 1e-9) / 20;
  if (!(enough > share && enough <= LARGEST_SHARE)) return [];
  return [{ label: `Hold out ${percent(enough)}`, patch: { model: { params: { validationFraction: enough } } } }];
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

function classSizes(y: Float64Array, target: TargetInfo, w: Float64Array | undefined): number[] {
  const sizes = Array.from({ length: target.task === 'regression' ? 1 : target.nClasses }, () => 0);
  for (let i = 0; i < y.length; i++) if (!w || w[i]! > 0) sizes[target.task === 'regression' ? 0 : y[i]!]!++;
  return sizes;
}
