import { memorySource } from '../../../main/coreset/rows.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { recalibrate } from '../../../main/coreset/tree/recalibrate.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { median, row, timingOf, type BenchContext, type BenchRow } from '../harness.ts';
import { loadCoresetData } from './coresetData.ts';
import { fullProblem, type FullProblem } from './excess.ts';
import { samplersOf, type Sampler } from './samplers.ts';

/** A data set and the sizes of coresets to measure. */
export interface ExcessCase {
  readonly name: string;
  readonly sizes: readonly number[];
}

/** Ours as drawn, calibrated, recalibrated once, and as a build leaves it (further rounds where they pay). */
type Stage = 'raw' | 'calibrated' | 'recalibrated' | 'built';

/** Excess loss of coresets and of other samples of the same size, in per cent: medians over seeds. */
export async function measureExcess(
  cases: readonly ExcessCase[],
  service: 'logistic' | 'linear',
  peerName: 'lewis' | 'leverage',
  { nRuns, dataDir, threads, log }: BenchContext,
): Promise<BenchRow[]> {
  if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
  const nSeeds = Math.max(nRuns, 1);
  const rows: BenchRow[] = [];
  for (const { name, sizes } of cases) {
    const problem = await fullProblem(await loadCoresetData(dataDir, name), threads);
    const samplers = samplersOf(problem.data);
    for (const size of sizes) {
      const made = await measureSize(problem, service, samplers, size, nSeeds, threads);
      const { ours, peers, seconds } = made;
      rows.push(
        row(
          `${name}, m = ${size}`,
          '% excess',
          timingOf(ours.built),
          { name: peerName, median: median(peers[peerName]!) },
          {
            raw: median(ours.raw),
            calibrated: median(ours.calibrated),
            recalibrated: median(ours.recalibrated),
            ...Object.fromEntries(Object.entries(peers).map(([key, values]) => [key, median(values)])),
            nSeeds,
            nRows: problem.data.y.length,
            nFeatures: problem.data.X.nCols,
            buildSeconds: median(seconds),
          },
        ),
      );
      log(`${name}, m = ${size}: ${median(ours.built).toPrecision(3)} %`);
    }
  }
  return rows;
}

async function measureSize(
  problem: FullProblem,
  service: 'logistic' | 'linear',
  samplers: Readonly<Record<string, Sampler>>,
  size: number,
  nSeeds: number,
  threads: number,
) {
  const { data } = problem;
  const source = memorySource(data, data.target);
  const ours: Record<Stage, number[]> = { raw: [], calibrated: [], recalibrated: [], built: [] };
  const peers: Record<string, number[]> = Object.fromEntries(Object.keys(samplers).map((key) => [key, []]));
  const seconds: number[] = [];
  for (let seed = 1; seed <= nSeeds; seed++) {
    const options = { service, size, seed, threads };
    const from = performance.now();
    const built = (await buildTree(source, options, quietTask)).coreset(0);
    seconds.push((performance.now() - from) / 1000);
    ours.built.push(await problem.excess(built));
    const tree = await buildTree(source, { ...options, nRecalibrations: 0 }, quietTask);
    const drawn = tree.coreset(0);
    ours.raw.push(await problem.excess({ ...drawn, weight: drawn.baseWeight }));
    ours.calibrated.push(await problem.excess(drawn));
    await recalibrate(tree, source, { threads, nRecalibrations: 1 }, quietTask);
    ours.recalibrated.push(await problem.excess(tree.coreset(0)));
    for (const [key, sample] of Object.entries(samplers)) peers[key]!.push(await problem.excess(sample(size, seed)));
  }
  return { ours, peers, seconds };
}
