import type { CoresetInfo, CoresetSource } from '../../../contract/coreset.ts';
import { describeTree } from '../../../coreset/info.ts';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import type { CoresetRecord } from '../../../store/coresets.ts';
import { modelOf } from './model.ts';
import { recipeOf, summaryOf } from './summary.ts';

/** The summary with the tree drawn; counts are those of the tree as edited. */
export async function infoOf(
  record: CoresetRecord,
  projectId: string,
  tree: CoresetTree,
  sources: readonly CoresetSource[],
): Promise<CoresetInfo> {
  const { plan } = recipeOf(record);
  const described = describeTree(tree, plan.classes);
  const times = tree.leaves.flatMap(({ lastTime }) => (lastTime === null ? [] : [lastTime]));
  const time = plan.time &&
    times.length > 0 && {
      column: plan.time.column,
      isTime: plan.time.isTime,
      first: times.reduce((a, b) => Math.min(a, b)),
      last: times.reduce((a, b) => Math.max(a, b)),
    };
  return {
    ...summaryOf(record, projectId),
    ...described,
    sources: [...sources],
    time: time || null,
    model: await modelOf(tree),
  };
}
