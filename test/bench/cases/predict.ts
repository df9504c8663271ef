import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { predictThreads } from '../../../main/kernels/trees/predictor.ts';
import { linearFamily } from '../../../main/models/linear/index.ts';
import { networkFamily } from '../../../main/models/network/index.ts';
import { treeFamily } from '../../../main/models/tree/index.ts';
import { rowThreads } from '../../../main/tensor/rowProgram.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { rowsOf, tableData } from '../helpers/tableData.ts';

interface Peers {
  readonly cases: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const cases = [
  { type: 'gradientBoosting', params: {} },
  { type: 'randomForest', params: { maxDepth: 12 } },
  { type: 'randomForest', params: {}, name: 'randomForest, not limited' },
  { type: 'logisticRegression', params: {} },
  { type: 'neuralNetwork', params: { epochs: 1 } },
] as const;
const families = [...treeFamily, ...linearFamily, ...networkFamily];

export const predict: Bench = {
  name: 'predict',
  description: 'Predict 1,000,000 rows × 54 with trees, logistic regression and a network, beside the fastest peer',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, 1_000_000, 54);
    const nTrain = 50_000;
    const answer = (await peer('predict.py', [file, '1000000', '54', String(nTrain)])) as
      (Peers & { name: string }) | null;
    const dense = (await peer('predict_dense.py', [file, '1000000', '54', String(nTrain)])) as unknown as Peers | null;
    const peers = { ...answer?.cases, ...dense?.cases };
    predictThreads.count = threads;
    rowThreads.count = threads;
    const rows = [];
    for (const { type, params, ...more } of cases) {
      const name = 'name' in more ? more.name : type;
      const fitted = await families
        .find((entry) => entry.spec.type === type)!
        .make(params)
        .fit(
          rowsOf(X, 0, nTrain),
          y.subarray(0, nTrain),
          { task: 'binary', nClasses: 2 },
          { rng: createRng(1), task: quietTask, threads },
        );
      const ours = await timeRuns(nRuns, () => fitted.predictProba(X));
      const best = Object.entries(peers[name] ?? {}).toSorted((a, b) => a[1] - b[1])[0];
      rows.push(
        row(name, 's', ours, best ? { name: best[0], median: best[1] } : null, { leaves: fitted.summary['leaves'] }),
      );
    }
    return rows;
  },
};
