type Params = Readonly<Record<string, unknown>>;

/** Leaves of a refreshed tree for each the configuration asks for, at most. */
const MORE_LEAVES = 4;
/** A coreset row stands for many: this many of them make a leaf. */
const LEAST_ROWS = 3;
const FAST_RATE = 0.35;
const FEATURE_SHARE = 0.6;

/**
 * Parameters for boosted trees whose structure is grown on a share of the rows and whose leaf values will come from all
 * of them. Values averaged over all rows carry more and smaller leaves than the few rows alone; trees on part of the
 * features differ more; and larger, faster learning trees mean fewer of them to grow. At a share of 1 they are the
 * configuration's own.
 * @param share rows of the coreset / all rows
 */
export function structureParams(type: string, params: Params, share: number): Params {
  if (type !== 'gradientBoosting' || share >= 1) return params;
  const more = Math.min(MORE_LEAVES, 1 / Math.sqrt(share));
  const number = (name: string, usual: number) => (typeof params[name] === 'number' ? params[name] : usual);
  const rate = number('learningRate', 0.1);
  const faster = Math.min(Math.max(1, FAST_RATE / rate), 1 + 2.5 * Math.min(1, more - 1));
  const { maxLeafNodes = 31, maxDepth = null } = params;
  return {
    ...params,
    learningRate: rate * faster,
    maxIter: Math.max(1, Math.ceil(number('maxIter', 100) / faster)),
    ...(typeof maxLeafNodes === 'number' && { maxLeafNodes: Math.min(65_536, Math.round(more * maxLeafNodes)) }),
    ...(typeof maxDepth === 'number' && { maxDepth: Math.min(64, maxDepth + Math.ceil(1.5 * Math.log2(more))) }),
    minSamplesLeaf: leastRows(number('minSamplesLeaf', 20), share),
    colsampleByTree: Math.min(number('colsampleByTree', 1), FEATURE_SHARE),
  };
}

/** As many rows of all as the configuration asks for, but a few of the coreset. */
const leastRows = (asked: number, share: number): number => Math.min(asked, Math.max(LEAST_ROWS, asked * share));
