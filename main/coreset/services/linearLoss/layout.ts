import type { StatisticBlock } from '../service.ts';
import type { LinearLoss } from './loss.ts';

/** Where each kind of statistic of a row starts. */
export interface Layout {
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly fold: number;
  /** Rank statistics; -1 where the loss has none. */
  readonly rank: number;
  readonly gradient: number;
  readonly curvature: number;
  /** Products of pairs of features times curvature; -1 when there would be too many. */
  readonly cross: number;
  /** Gradients at other pilots (other values of C). */
  readonly others: number;
}

/** Pairs of features are worth their columns only where a coreset can have three rows for each. */
const MAX_CROSS = 700;

/**
 * Counts by class, fold sums, rank sums, A·g, A·v (least squares: X and X²), v·x_i·x_j, and gradients at `nOthers` further pilots.
 * @param d features
 * @param nRank rank statistics of a row, or 0
 */
export function layoutOf(loss: LinearLoss, d: number, nOthers: number, nRank: number): Layout {
  const q = d + 1;
  const isSquared = loss.name === 'squared';
  const fold = loss.nClasses;
  const rank = fold + loss.nFold;
  const gradient = rank + nRank;
  const curvature = gradient + loss.nOut * q;
  const afterCurvature = curvature + (isSquared ? 2 * d : loss.nOut * q);
  const nCross = ((isSquared ? d - 1 : d + 1) * d) / 2;
  const hasCross = loss.nOut === 1 && nCross <= MAX_CROSS;
  const others = afterCurvature + (hasCross ? nCross : 0);
  const end = others + nOthers * loss.nOut * q;
  const blocks: StatisticBlock[] = [
    { kind: 'count', from: 0, to: fold },
    { kind: 'fold', from: fold, to: rank },
    { kind: 'gradient', from: gradient, to: curvature, isForFolds: true },
    { kind: 'curvature', from: curvature, to: afterCurvature },
  ];
  if (nRank > 0) blocks.splice(2, 0, { kind: 'rank', from: rank, to: gradient });
  for (let i = 0; i < nOthers; i++) {
    const from = others + i * loss.nOut * q;
    blocks.push({ kind: 'extra', from, to: from + loss.nOut * q });
  }
  if (hasCross) blocks.push({ kind: 'extra', from: afterCurvature, to: others });
  return {
    blocks,
    nStatistics: end,
    fold,
    rank: nRank > 0 ? rank : -1,
    gradient,
    curvature,
    cross: hasCross ? afterCurvature : -1,
    others,
  };
}
