import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { predictThreads } from '../../../main/kernels/trees/predictor.ts';
import { treeShap } from '../../../main/models/explain/treeShap.ts';
import { gradientBoosting } from '../../../main/models/tree/boosting/entry.ts';
import type { FittedBoosting } from '../../../main/models/tree/boosting/fitted.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { rowsOf, tableData } from '../helpers/tableData.ts';

export const treeshap: Bench = {
  name: 'treeshap',
  description: 'Exact TreeSHAP of 10,000 rows, 100 trees of depth 6, beside XGBoost pred_contribs',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, 50_000, 54);
    const fitted = (await gradientBoosting
      .make({ growth: 'depthWise', maxDepth: 6, maxLeafNodes: null })
      .fit(X, y, { task: 'binary', nClasses: 2 }, { rng: createRng(1), task: quietTask, threads })) as FittedBoosting;
    predictThreads.count = threads;
    const ours = await timeRuns(nRuns, () => treeShap(fitted.ensemble, rowsOf(X, 0, 10_000)));
    const answer = await peer('treeshap.py', [file, '50000', '54', String(nRuns)]);
    const other = answer && { name: `XGBoost ${answer.version}`, median: Number(answer['seconds']) };
    return [row('10,000 rows', 's', ours, other, { leaves: fitted.summary['leaves'], peerLeaves: answer?.['leaves'] })];
  },
};
