type Params = Readonly<Record<string, unknown>>;

/** Of a coreset of few rows: leaves of a refreshed tree for each the configuration asks for, at most, and the learning rate. */
const MORE_LEAVES = 4;
const FAST_RATE = 0.35;
/** A coreset row stands for many: this many of them make a leaf. */
const LEAST_ROWS = 3;
/** Of one of many rows, which carry a structure nearly as good as all do: at the configuration's own rate. */
const MANY_MORE_LEAVES = 2;
const FEATURE_SHARE = 0.6;
/** Few rows, and how often they double until they are many. */
const FEW_ROWS = 2500;
const DOUBLINGS = 3;

/**
 * Parameters for boosted trees whose structure is grown on a share of the rows and whose leaf values will come from all
 * of them. Values averaged over all rows carry more and smaller leaves than the few rows alone; trees on part of the
 * features differ more; and larger, faster learning trees mean fewer of them to grow. On many rows small leaves and fast
 * rates cost more than they bring, and time is of less matter. At a share of 1 they are the configuration's own.
 * @param nRows of the coreset  @param nAll all rows
 */
export function structureParams(type: string, params: Params, nRows: number, nAll: number): Params {
  const share = nRows / nAll;
  if (type !== 'gradientBoosting' || share >= 1) return params;
  const many = Math.min(1, Math.max(0, Math.log2(nRows / FEW_ROWS) / DOUBLINGS));
  const between = (few: number, much: number) => few ** (1 - many) * much ** many;
  const more = Math.min(between(MORE_LEAVES, MANY_MORE_LEAVES), 1 / Math.sqrt(share));
  const number = (name: string, usual: number) => (typeof params[name] === 'number' ? params[name] : usual);
  const rate = number('learningRate', 0.1);
  const faster = Math.min(between(Math.max(1, FAST_RATE / rate), 1), 1 + 2.5 * Math.min(1, more - 1));
  const { maxLeafNodes = 31, maxDepth = null } = params;
  return {
    ...params,
    learningRate: rate * faster,
    maxIter: Math.max(1, Math.ceil(number('maxIter', 100) / faster)),
    ...(typeof maxLeafNodes === 'number' && { maxLeafNodes: Math.min(65_536, Math.round(more * maxLeafNodes)) }),
    ...(typeof maxDepth === 'number' && { maxDepth: Math.min(64, maxDepth + Math.ceil(1.5 * Math.log2(more))) }),
    minSamplesLeaf: leastRows(number('minSamplesLeaf', 20), share, many),
    colsampleByTree: Math.min(number('colsampleByTree', 1), FEATURE_SHARE),
  };
}

/** As many rows of all as the configuration asks for, but a few of the coreset; of many, as many as it asks for. */
const leastRows = (asked: number, share: number, many: number): number =>
  Math.min(asked, Math.max(LEAST_ROWS, asked * share)) ** (1 - many) * asked ** many;
