import type { Prepared } from '../rows/prepare.ts';

/** Rows that folds are made of: what is learned from, by what rule rows are kept apart, and how columns become features. */
export type Foldable = Pick<Prepared, 'train' | 'target' | 'table' | 'recipe' | 'rule'>;
