import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { extraTrees, randomForest } from '../../../main/models/tree/forest/entry.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { positive, rocAuc, rowsOf, tableData } from '../helpers/tableData.ts';

interface Peers {
  readonly cases: Readonly<Record<string, { readonly fit: number; readonly auc: number }>>;
}

const [nTrain, nTest, d] = [100_000, 50_000, 54];

export const forest: Bench = {
  name: 'forest',
  description: '100 trees, 100,000 × 54, beside scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, nTrain + nTest, d);
    const answer = (await peer('forest.py', [file, nTrain, d, nTest].map(String))) as (Peers & { name: string }) | null;
    const rows = [];
    for (const entry of [randomForest, extraTrees]) {
      const fit = () =>
        entry
          .make({})
          .fit(
            rowsOf(X, 0, nTrain),
            y.subarray(0, nTrain),
            { task: 'binary', nClasses: 2 },
            { rng: createRng(1), task: quietTask, threads },
          );
      const ours = await timeRuns(nRuns, fit);
      const auc = rocAuc(
        positive(await (await fit()).predictProba(rowsOf(X, nTrain, nTrain + nTest))),
        y.subarray(nTrain),
      );
      const other = answer?.cases[entry.spec.type];
      rows.push(
        row(entry.spec.type, 's', ours, other ? { name: 'scikit-learn', median: other.fit } : null, {
          auc,
          peerAuc: other?.auc,
        }),
      );
    }
    return rows;
  },
};
