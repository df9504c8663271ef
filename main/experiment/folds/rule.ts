/** What the split keeps apart, which folds and inner hold-outs keep apart too; arrays by position among the training rows. */
export type SplitRule =
  | { readonly kind: 'random' }
  /** Rows of one group are never on both sides. A negative group is a group of its own row. */
  | { readonly kind: 'group'; readonly groups: ArrayLike<number>; readonly column: string }
  /** What is trained on is earlier than what is scored; rows without a time come first, rows of one time stay together. */
  | { readonly kind: 'time'; readonly times: ArrayLike<number>; readonly column: string };

/** The rule for some of the rows, by their positions. */
export function ruleOn(rule: SplitRule, rows: ArrayLike<number>): SplitRule {
  const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (i) => values[i]!);
  switch (rule.kind) {
    case 'random':
      return rule;
    case 'group':
      return { ...rule, groups: pick(rule.groups) };
    case 'time':
      return { ...rule, times: pick(rule.times) };
  }
}
