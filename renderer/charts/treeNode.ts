import type { QuestionNode } from './foldedTree.ts';
import { formatValue } from './format.ts';

export interface DecisionNode extends QuestionNode {
  readonly nRows: number;
  /** Prediction of a regression tree, or what a boosted tree adds; null for class shares. */
  readonly value: number | null;
  /** Class shares, in class order. */
  readonly shares: readonly number[] | null;
}

/** What a node predicts: `No 73 %`, `12.35`. */
export function describeNode(node: DecisionNode, classes: readonly string[]): string {
  if (node.shares && node.shares.length > 0) {
    const best = node.shares.reduce((b, s, k, all) => (s > all[b]! ? k : b), 0);
    return `${classes[best] ?? `class ${best}`} ${Math.round(node.shares[best]! * 100)} %`;
  }
  return node.value === null ? '–' : formatValue(node.value);
}
