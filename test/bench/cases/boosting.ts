import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { gradientBoosting } from '../../../main/models/tree/boosting/entry.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { positive, rocAuc, rowsOf, tableData } from '../helpers/tableData.ts';

interface Peers {
  readonly cases: Readonly<Record<string, { readonly fit: number; readonly auc: number }>>;
}

const [nTrain, nTest, d] = [500_000, 100_000, 54];

export const boosting: Bench = {
  name: 'boosting',
  description: '100 rounds of gradient boosting, 500,000 × 54, beside XGBoost hist, LightGBM and scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, nTrain + nTest, d);
    const train = rowsOf(X, 0, nTrain);
    const target = { task: 'binary', nClasses: 2 } as const;
    const fit = (params: object) =>
      gradientBoosting
        .make({ ...params })
        .fit(train, y.subarray(0, nTrain), target, { rng: createRng(1), task: quietTask, threads });
    const rows = [];
    const answer = (await peer('boosting.py', [file, nTrain, d, nTest, nRuns].map(String))) as
      (Peers & { name: string }) | null;
    const best = answer && Object.entries(answer.cases).toSorted((a, b) => a[1].fit - b[1].fit)[0];
    const variants = { '31 leaves': {}, 'depth 6': { growth: 'depthWise', maxDepth: 6, maxLeafNodes: null } };
    for (const [name, params] of Object.entries(variants)) {
      const ours = await timeRuns(nRuns, () => fit(params));
      const auc = rocAuc(
        positive(await (await fit(params)).predictProba(rowsOf(X, nTrain, nTrain + nTest))),
        y.subarray(nTrain),
      );
      const others = Object.fromEntries(
        Object.entries(answer?.cases ?? {}).flatMap(([key, value]) => [
          [`${key} s`, value.fit],
          [`${key} AUC`, value.auc],
        ]),
      );
      rows.push(row(name, 's', ours, best ? { name: best[0], median: best[1].fit } : null, { auc, ...others }));
    }
    return rows;
  },
};
