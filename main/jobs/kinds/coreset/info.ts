import type { CoresetInfo } from '../../../contract/coreset.ts';
import { describeTree } from '../../../coreset/info.ts';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import type { CoresetRecord } from '../../../store/coresets.ts';
import { recipeOf, summaryOf } from './summary.ts';

/** The summary with the tree drawn; counts are those of the tree as edited. */
export function infoOf(record: CoresetRecord, projectId: string, tree: CoresetTree): CoresetInfo {
  const described = describeTree(tree, recipeOf(record).plan.classes);
  return { ...summaryOf(record, projectId), ...described };
}
