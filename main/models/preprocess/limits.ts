import { AppError, type Fix } from '../../contract/errors.ts';
import type { CategoryPlan } from './categoryColumn.ts';
import { categoryWidth } from './categoryColumn.ts';
import type { ColumnPlan } from './plans.ts';
import { widthOf } from './features.ts';
import { nProducts } from './products.ts';

/** Levels one-hot columns may have together, and levels of a column of codes. */
const MAX_CATEGORIES = 65_535;
/** Products of pairs: those of 100 number columns. */
const MAX_PRODUCTS = 5000;
/** Share of the free memory that the training matrix may take: samples and models need theirs. */
const MEMORY_SHARE = 0.5;

const encodeInstead: Fix = {
  kind: 'setOption',
  label: 'Use preprocess.encode: target (or hashing), or a smaller preprocess.maxLevels',
  args: { 'preprocess.encode': 'target' },
};

/** Throws AppError TOO_MANY_CATEGORIES that names the columns and a way out. */
export function refuseCategories(plans: readonly ColumnPlan[]): void {
  const oneHot = plans.filter((plan): plan is CategoryPlan => plan.kind === 'category' && plan.encode === 'oneHot');
  const total = oneHot.reduce((sum, plan) => sum + categoryWidth(plan), 0);
  if (total > MAX_CATEGORIES) {
    const largest = oneHot.toSorted((a, b) => categoryWidth(b) - categoryWidth(a)).slice(0, 3);
    const named = largest.map((plan) => `"${plan.name}" (${count(plan.levels.length)})`).join(', ');
    throw new AppError({
      code: 'TOO_MANY_CATEGORIES',
      message: `One-hot encoding would make ${count(total)} columns, most of them of ${named}; there can be ${count(MAX_CATEGORIES)}.`,
      fix: encodeInstead,
    });
  }
}

/** As `refuseCategories`, for a column of codes in a model that takes codes as they are. */
export function refuseCodes({ name, levels, hasRare, hasMissing }: CategoryPlan): void {
  const n = levels.length + (hasRare ? 1 : 0) + (hasMissing ? 1 : 0);
  if (n <= MAX_CATEGORIES) return;
  throw new AppError({
    code: 'TOO_MANY_CATEGORIES',
    message: `"${name}" has more than ${count(MAX_CATEGORIES)} categories; models of trees take at most that many.`,
    fix: { ...encodeInstead, label: 'Use preprocess.encode: target (or hashing), or drop the column' },
  });
}

/** Throws AppError TOO_MANY_INTERACTIONS. */
export function refuseProducts(nFactors: number): void {
  if (nProducts(nFactors) <= MAX_PRODUCTS) return;
  throw new AppError({
    code: 'TOO_MANY_INTERACTIONS',
    message: `${count(nFactors)} number columns make ${count(nProducts(nFactors))} products of pairs; there can be ${count(MAX_PRODUCTS)}.`,
    fix: {
      kind: 'setOption',
      label:
        'Set preprocess.interactions to false (trees and neural networks find interactions by themselves), or drop columns',
      args: { 'preprocess.interactions': false },
    },
  });
}

/**
 * Throws AppError FEATURES_TOO_LARGE when the training matrix would not fit, before anything of it is allocated.
 * @param memory free bytes of the machine
 */
export function refuseSize(nRows: number, plans: readonly ColumnPlan[], nFactors: number, memory: number): void {
  const kinds = new Map<string, number>([['product', nProducts(nFactors)]]);
  for (const plan of plans) {
    const kind = plan.kind === 'category' && plan.encode === 'oneHot' ? 'oneHot' : plan.kind;
    kinds.set(kind, (kinds.get(kind) ?? 0) + widthOf(plan));
  }
  const width = [...kinds.values()].reduce((a, b) => a + b, 0);
  const bytes = 4 * nRows * width;
  if (bytes <= memory * MEMORY_SHARE) return;
  const [widest] = [...kinds].toSorted((a, b) => b[1] - a[1])[0]!;
  throw new AppError({
    code: 'FEATURES_TOO_LARGE',
    message: `${count(nRows)} training rows of ${count(width)} features need ${gigabytes(bytes)}; ${gigabytes(memory)} are free, of which they may take half.`,
    fix: narrower(widest),
  });
}

function narrower(widest: string): Fix {
  switch (widest) {
    case 'oneHot':
      return encodeInstead;
    case 'product':
      return {
        kind: 'setOption',
        label: 'Set preprocess.interactions to false',
        args: { 'preprocess.interactions': false },
      };
    case 'text':
    case 'hashedText':
      return {
        kind: 'setOption',
        label: 'Use a smaller preprocess.textFeatures',
        args: { 'preprocess.textFeatures': 64 },
      };
    case 'hash':
      return {
        kind: 'setOption',
        label: 'Use a smaller preprocess.hashFeatures',
        args: { 'preprocess.hashFeatures': 16 },
      };
    default:
      return { kind: 'editConfig', label: 'Drop columns, or hold more rows out of training' };
  }
}

const count = (n: number): string => n.toLocaleString('en');
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
