/**
 * `node buildChild.ts FILE THREADS`: builds a coreset of a Parquet file as a job does, in a process of its own so that its
 * peak memory is the build's; prints one JSON object.
 */
import { versionSource } from '../../../main/coreset/version/source.ts';
import { planVersion } from '../../../main/coreset/version/plan.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { quietTask } from '../../../main/kernels/task.ts';

const [file, threads] = process.argv.slice(2);
const start = performance.now();
const plan = await planVersion(file!, { service: 'logistic', target: 'target', drop: [] });
const planned = performance.now();
const before = process.cpuUsage();
const options = { service: 'logistic', size: 2000, seed: 1, threads: Number(threads) } as const;
const tree = await buildTree(versionSource(file!, plan), options, quietTask);
const seconds = (performance.now() - planned) / 1000;
const { user, system } = process.cpuUsage(before);
if (tree.coreset(0).y.length !== 2000) throw new Error('the coreset does not have the rows asked for');
console.log(
  JSON.stringify({
    seconds,
    planSeconds: (planned - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    // maxRSS is in kilobytes.
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
