import type { Chunk, RowSource } from '../../../main/coreset/rows.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { row, timeRuns, type Bench } from '../harness.ts';

const [nRows, d, chunk] = [4_000_000, 20, 131_072];

export const coresetBuild: Bench = {
  name: 'coreset-build',
  description: 'Coreset tree of 4,000,000 × 20 numbers for logistic regression, streamed; rows a second and memory',
  async run({ nRuns, threads }) {
    const source = streamed();
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
    const build = () => buildTree(source, { service: 'logistic', size: 2000, seed: 1, threads }, quietTask);
    const ours = await timeRuns(Math.min(3, nRuns), build);
    clearInterval(watch);
    const passes = 3;
    return [
      row('build', 's', ours, null, {
        rowsPerSecond: nRows / ours.median,
        passes,
        peakMb: peak / 2 ** 20,
      }),
    ];
  },
};

/** The same chunk of random rows again and again under new row ids: memory stays that of one chunk, as in a stream. */
function streamed(): RowSource {
  const rng = createRng(1);
  const data = Float32Array.from({ length: chunk * d }, () => rng.normal());
  const y = Float64Array.from({ length: chunk }, (_, i) => (data[i * d]! + rng.normal() > 1 ? 1 : 0));
  return {
    nFeatures: d,
    nRows,
    target: { task: 'binary', nClasses: 2 },
    async *chunks(): AsyncGenerator<Chunk> {
      for (let from = 0; from < nRows; from += chunk) {
        const n = Math.min(chunk, nRows - from);
        yield {
          X: { data: data.subarray(0, n * d), nRows: n, nCols: d },
          y: y.subarray(0, n),
          rowIds: Uint32Array.from({ length: n }, (_, i) => from + i),
        };
      }
    },
  };
}
