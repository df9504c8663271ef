import type { PreprocessConfig } from '../../contract/config.ts';
import type { CategoryColumn } from '../../kernels/table.ts';
import { countLevels } from './categoryColumn.ts';
import { bucketOf, murmur3 } from './murmur3.ts';

/**
 * How one category column becomes signed buckets: a level is +1 or −1 in the bucket of its hash. No levels are kept, so
 * levels that training never saw have a bucket too. A missing cell is hashed as the empty text.
 */
export interface HashPlan {
  readonly kind: 'hash';
  readonly name: string;
  readonly nBuckets: number;
  /** Buckets with a feature of their own, ascending: those the training rows fill. */
  readonly buckets: readonly number[];
}

/** Null when one thing only was seen. */
export function fitHash(column: CategoryColumn, config: PreprocessConfig): HashPlan | null {
  const { counts, nMissing } = countLevels(column);
  const seen = column.levels.filter((_, code) => counts[code]! > 0);
  if (nMissing > 0) seen.push('');
  if (seen.length <= 1 && config.dropConstant) return null;
  const nBuckets = config.hashFeatures;
  const filled = new Set(seen.map((text) => bucketOf(murmur3(text), nBuckets).bucket));
  const all = Array.from({ length: nBuckets }, (_, bucket) => bucket);
  return {
    kind: 'hash',
    name: column.name,
    nBuckets,
    buckets: config.dropConstant ? all.filter((bucket) => filled.has(bucket)) : all,
  };
}

/** Feature of a text and its value; −1 where its bucket has none. */
export function hashFeature(plan: HashPlan): (text: string) => { at: number; value: number } {
  const place = new Map(plan.buckets.map((bucket, i) => [bucket, i]));
  return (text) => {
    const { bucket, sign } = bucketOf(murmur3(text), plan.nBuckets);
    return { at: place.get(bucket) ?? -1, value: sign };
  };
}
