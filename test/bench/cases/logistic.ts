import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { logisticRegression } from '../../../main/models/linear/logisticRegression.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { tableData } from '../helpers/tableData.ts';

interface Peers {
  readonly version: string;
  readonly cases: Readonly<
    Record<string, Readonly<Record<string, { readonly fit: number; readonly objective: number }>>>
  >;
}

const [n, d] = [500_000, 54];
const cases = { l2: { C: 1, penalty: 'l2' }, l1: { C: 0.001, penalty: 'l1' } };

export const logistic: Bench = {
  name: 'logistic',
  description: 'Logistic regression, 500,000 × 54, L2 and L1, beside scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const { X, y, file } = await tableData(tempDir, n, d);
    const target = { task: 'binary', nClasses: 2 } as const;
    const answer = (await peer('logistic.py', [file, n, d, nRuns].map(String))) as unknown as Peers | null;
    const rows = [];
    for (const [name, params] of Object.entries(cases)) {
      const fit = () =>
        logisticRegression.make(params).fit(X, y, target, { rng: createRng(1), task: quietTask, threads });
      const ours = await timeRuns(nRuns, fit);
      const { objective, iterations } = (await fit()).summary;
      const solvers = Object.entries(answer?.cases[name] ?? {});
      const best = solvers.toSorted((a, b) => a[1].fit - b[1].fit)[0];
      const others = solvers.flatMap(([solver, value]) => [
        [`${solver} s`, value.fit],
        [`${solver} objective`, value.objective],
      ]);
      const peerOf = best ? { name: `scikit-learn ${answer!.version} ${best[0]}`, median: best[1].fit } : null;
      rows.push(row(name, 's', ours, peerOf, { objective, iterations, ...Object.fromEntries(others) }));
    }
    return rows;
  },
};
