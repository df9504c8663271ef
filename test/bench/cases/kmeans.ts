import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { kMeans } from '../../../main/models/cluster/kMeans.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { tableData } from '../helpers/tableData.ts';

export const kmeans: Bench = {
  name: 'kmeans',
  description: 'k-means, k = 10, 1,000,000 × 20, one k-means++ start, beside scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, file } = await tableData(tempDir, 1_000_000, 20);
    const y = new Float64Array(X.nRows);
    const fit = () =>
      kMeans
        .make({ nClusters: 10, nInit: 1, maxIter: 50, tol: 0 })
        .fit(X, y, { task: 'regression' }, { rng: createRng(1), task: quietTask, threads });
    const ours = await timeRuns(nRuns, fit);
    const { inertia, iterations } = (await fit()).summary;
    const answer = await peer('kmeans.py', [file, '1000000', '20', String(nRuns)]);
    const other = answer && { name: `scikit-learn ${answer.version}`, median: Number(answer['seconds']) };
    const extra = { inertia, iterations, peerInertia: answer?.['inertia'], peerIterations: answer?.['iterations'] };
    return [row('50 iterations', 's', ours, other, extra)];
  },
};
