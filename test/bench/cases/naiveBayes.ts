import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { gaussianNaiveBayes } from '../../../main/models/bayes/gaussianNaiveBayes.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { positive, rocAuc, rowsOf, tableData } from '../helpers/tableData.ts';

const [nTrain, nTest, d] = [500_000, 50_000, 54];

export const naiveBayes: Bench = {
  name: 'naive-bayes',
  description: 'Gaussian naive Bayes on 500,000 × 54 beside scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, nTrain + nTest, d);
    const train = rowsOf(X, 0, nTrain);
    const context = { rng: createRng(1), task: quietTask, threads };
    const fit = () =>
      gaussianNaiveBayes.make({}).fit(train, y.subarray(0, nTrain), { task: 'binary', nClasses: 2 }, context);
    const ours = await timeRuns(nRuns, fit);
    const proba = await (await fit()).predictProba(rowsOf(X, nTrain, nTrain + nTest));
    const auc = rocAuc(positive(proba), y.subarray(nTrain));
    const answer = await peer('naive_bayes.py', [file, nTrain, d, nTest, nRuns].map(String));
    const other = answer && { name: 'scikit-learn', median: answer['fit'] as number };
    return [row('fit', 's', ours, other, { auc, peerAuc: answer?.['auc'] })];
  },
};
