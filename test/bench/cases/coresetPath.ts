import { kendallTau } from '../../../main/evaluate/kendall.ts';
import { memorySource, type WeightedRows } from '../../../main/coreset/rows.ts';
import { lossOf } from '../../../main/coreset/services/linearLoss/loss.ts';
import { linearObjective } from '../../../main/coreset/services/linearLoss/solve.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { median, row, timingOf, type Bench, type BenchRow } from '../harness.ts';
import { loadCoresetData, type CoresetData } from '../helpers/coresetData.ts';
import { fullProblem, type FullProblem } from '../helpers/excess.ts';
import { samplersOf } from '../helpers/samplers.ts';

/** Values of C, three decades below to two above the one the coreset is built at. */
const PATH = Array.from({ length: 11 }, (_, i) => 10 ** (-3 + i / 2));
const SETS = ['adult', 'bank_marketing', 'credit_default', 'covertype2'];
const SIZE = 2000;

export const coresetPath: Bench = {
  name: 'coreset-path',
  description:
    'One coreset, built at C = 1, for 11 values of C: Kendall’s τ of held-out log loss with fits on all rows',
  async run({ nRuns, dataDir, threads, log }) {
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    for (const name of SETS) {
      const { train, heldOut } = splitRows(await loadCoresetData(dataDir, name));
      const problem = await fullProblem(train, threads);
      const all = { X: train.X, y: train.y, weight: new Float64Array(train.y.length).fill(1) };
      const full = await alongPath(problem, all, heldOut);
      const { stratified } = samplersOf(train);
      const tau = { ours: [] as number[], stratified: [] as number[] };
      const worst: number[] = [];
      for (let seed = 1; seed <= nRuns; seed++) {
        const source = memorySource(train, train.target);
        const built = await buildTree(source, { service: 'logistic', size: SIZE, seed, threads }, quietTask);
        const ours = await alongPath(problem, built.coreset(0), heldOut);
        const other = await alongPath(problem, stratified!(SIZE, seed), heldOut);
        tau.ours.push(kendallTau(ours.loss, full.loss) ?? NaN);
        tau.stratified.push(kendallTau(other.loss, full.loss) ?? NaN);
        worst.push(Math.max(...ours.objective.map((f, i) => 100 * (f / full.objective[i]! - 1))));
      }
      const peer = { name: 'stratified', median: median(tau.stratified) };
      rows.push(row(`${name}, m = ${SIZE}`, 'τ', timingOf(tau.ours), peer, { worstExcessPercent: median(worst) }));
      log(`${name}: τ ${median(tau.ours).toFixed(3)}`);
    }
    return rows;
  },
};

/** Mean held-out loss, and the objective over all training rows, of fits on `rows` along the path. */
async function alongPath(problem: FullProblem, rows: WeightedRows, heldOut: WeightedRows) {
  const loss = lossOf('logistic', problem.data.target);
  const out = { loss: [] as number[], objective: [] as number[] };
  for (const C of PATH) {
    const beta = await problem.fit(rows, C);
    out.loss.push(linearObjective(heldOut, loss, beta, { C: 1, penalty: 0 }) / heldOut.y.length);
    out.objective.push(problem.objective(beta, C));
  }
  return out;
}

/** Four fifths to train on and the rest. */
function splitRows(data: CoresetData): { train: CoresetData; heldOut: WeightedRows } {
  const order = permutation(data.y.length, createRng(0));
  const cut = Math.floor(0.8 * order.length);
  const of = (rows: Uint32Array) => ({ X: takeRows(data.X, rows), y: takeValues(data.y, rows) });
  const rest = of(order.subarray(cut));
  return {
    train: { ...data, ...of(order.subarray(0, cut)) },
    heldOut: { ...rest, weight: new Float64Array(rest.y.length).fill(1) },
  };
}
