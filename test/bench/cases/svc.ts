import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { svc as entry } from '../../../main/models/svm/svc.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { tableData } from '../helpers/tableData.ts';

export const svc: Bench = {
  name: 'svc',
  description: 'SVC with the rbf kernel, 10,000 × 30, beside scikit-learn (libsvm)',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, 10_000, 30);
    const target = { task: 'binary', nClasses: 2 } as const;
    const fit = () =>
      entry.make({ probability: false }).fit(X, y, target, { rng: createRng(1), task: quietTask, threads });
    const ours = await timeRuns(nRuns, fit);
    const { supportVectors, iterations } = (await fit()).summary;
    const answer = await peer('svc.py', [file, '10000', '30', String(nRuns)]);
    const other = answer && { name: `scikit-learn ${answer.version}`, median: Number(answer['seconds']) };
    return [row('rbf', 's', ours, other, { supportVectors, iterations, peerVectors: answer?.['vectors'] })];
  },
};
