import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { elasticNetPath } from '../../../main/models/linear/regression/coordinateDescent.ts';
import { momentsOf } from '../../../main/models/linear/regression/moments.ts';
import { ridge } from '../../../main/models/linear/regression/squaredLoss.ts';
import type { FittedRegression } from '../../../main/models/linear/regression/fittedRegression.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { tableData } from '../helpers/tableData.ts';

interface Peers {
  readonly version: string;
  readonly cases: Readonly<Record<string, { readonly fit: number; readonly norm: number }>>;
}

const [n, d] = [500_000, 54];

export const linear: Bench = {
  name: 'linear',
  description: 'Ridge and a lasso path of 100 alphas, 500,000 × 54, beside scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, n, d);
    const answer = (await peer('linear.py', [file, n, d, nRuns].map(String))) as unknown as Peers | null;
    const context = { rng: createRng(1), task: quietTask, threads };
    const works = {
      ridge: async () => {
        const fitted = (await ridge.make({}).fit(X, y, { task: 'regression' }, context)) as FittedRegression;
        return fitted.coefficients.data;
      },
      'lasso path': async () => {
        const moments = await momentsOf(X, y, undefined, { fitIntercept: true, threads });
        return elasticNetPath(moments, { l1Ratio: 1 }).at(-1)!.coef;
      },
    };
    const rows = [];
    for (const [name, work] of Object.entries(works)) {
      const ours = await timeRuns(nRuns, work);
      const norm = Math.hypot(...(await work()));
      const other = answer?.cases[name];
      const peerOf = other ? { name: `scikit-learn ${answer!.version}`, median: other.fit } : null;
      rows.push(row(name, 's', ours, peerOf, { norm, peerNorm: other?.norm }));
    }
    return rows;
  },
};
