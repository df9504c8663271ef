import type { PreprocessConfig } from '../../contract/config.ts';
import type { CategoryColumn } from '../../kernels/table.ts';

/** How one category column becomes features. */
export interface CategoryPlan {
  readonly kind: 'category';
  readonly name: string;
  /** `oneHot`: a 0/1 feature per level; `codes`: one feature with the level's number. */
  readonly encode: 'oneHot' | 'codes';
  /** Levels with a feature (or code) of their own, most frequent kept, in sorted order. */
  readonly levels: readonly string[];
  /** Training had missing cells: they are a level of their own. */
  readonly hasMissing: boolean;
  /** Levels too rare for their own feature share one; unseen levels go there too. */
  readonly hasRare: boolean;
  /**
   * Codes only: the one of whatever has no other, for models that take no missing values; absent means NaN. Unseen levels
   * count as missing where training had missing cells, else they, and missing cells where training had none, come before
   * the first level: −1.
   */
  readonly unknown?: number;
}

const BEFORE_FIRST = -1;

/** The plan for a model that needs a number in every cell. */
export function withoutGaps(plan: CategoryPlan): CategoryPlan {
  if (plan.encode !== 'codes') return plan;
  const { hasMissing, hasRare, levels } = plan;
  return { ...plan, unknown: hasRare ? levels.length : hasMissing ? levels.length : BEFORE_FIRST };
}

/** Levels kept of `column`; null when only one thing was ever seen. */
export function fitCategory(column: CategoryColumn, config: PreprocessConfig, isNative: boolean): CategoryPlan | null {
  const { counts, nMissing } = countLevels(column);
  const seen = Array.from(counts.keys()).filter((code) => counts[code]! > 0);
  const nDistinct = seen.length + (nMissing > 0 ? 1 : 0);
  if (nDistinct <= 1 && config.dropConstant) return null;
  const frequent = seen
    .filter((code) => counts[code]! >= config.minLevelCount)
    .toSorted((a, b) => counts[b]! - counts[a]! || a - b);
  const most = isNative ? Math.max(config.maxLevels, 65_535) : config.maxLevels;
  const kept = frequent.slice(0, most).toSorted((a, b) => a - b);
  const plan: CategoryPlan = {
    kind: 'category',
    name: column.name,
    encode: isNative || config.encode === 'ordinal' ? 'codes' : 'oneHot',
    levels: kept.map((code) => column.levels[code]!),
    hasMissing: nMissing > 0,
    hasRare: kept.length < seen.length,
  };
  return isNative ? plan : withoutGaps(plan);
}

/** Rows of each level, shape (nLevels,), and without one. */
export function countLevels({ codes, levels }: CategoryColumn): { counts: Float64Array; nMissing: number } {
  const counts = new Float64Array(levels.length);
  let nMissing = 0;
  for (const code of codes) {
    if (code < 0) nMissing++;
    else counts[code]!++;
  }
  return { counts, nMissing };
}

/** Features of a plan: levels, then rare, then missing. */
export function categoryWidth({ encode, levels, hasMissing, hasRare }: CategoryPlan): number {
  return encode === 'codes' ? 1 : levels.length + (hasRare ? 1 : 0) + (hasMissing ? 1 : 0);
}

/**
 * Position of each level of `column` in the plan's order, shape (nLevels,); `missing` for code −1.
 * −1 means "no feature": unseen levels where there is no rare feature, missing where training had none.
 */
export function categoryPositions(
  plan: CategoryPlan,
  levels: readonly string[],
): { positions: Int32Array; missing: number } {
  const known = new Map(plan.levels.map((level, i) => [level, i]));
  const rare = plan.hasRare ? plan.levels.length : -1;
  const missing = plan.hasMissing ? plan.levels.length + (plan.hasRare ? 1 : 0) : -1;
  return { positions: Int32Array.from(levels, (level) => known.get(level) ?? rare), missing };
}
