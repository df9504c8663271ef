import type { CategoryPlan } from './categoryColumn.ts';
import type { InputColumn } from './columnPlan.ts';
import type { HashPlan } from './hashColumn.ts';
import type { HashedTextPlan } from './hashedText.ts';
import type { NumberPlan } from './numberColumn.ts';
import type { ProductPlan } from './products.ts';
import type { TargetPlan } from './targetColumn.ts';
import type { TextPlan } from './textColumn.ts';

/** How one raw column becomes features. */
export type RawPlan = NumberPlan | CategoryPlan | TargetPlan | HashPlan | TextPlan | HashedTextPlan;

/** As `RawPlan`, or how two features become another; products come after what they multiply. */
export type ColumnPlan = RawPlan | ProductPlan;

/** What a fitted preprocessor is, as JSON. */
export interface PreprocessorState {
  readonly inputs: readonly InputColumn[];
  readonly plans: readonly ColumnPlan[];
  readonly warnings: readonly string[];
}
