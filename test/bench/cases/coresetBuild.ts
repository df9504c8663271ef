import { spawn } from 'node:child_process';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { jobNodeFlags } from '../../../main/jobs/process/jobProcess.ts';
import { row, timingOf, type Bench } from '../harness.ts';

const [N_ROWS, N_FEATURES] = [10_000_000, 20];

/** Passes of a build over the rows: the sample for the pilot, the draw, and one recalibration. */
const PASSES = 3;

export const coresetBuild: Bench = {
  name: 'coreset-build',
  description:
    'Coreset tree for logistic regression from a Parquet file of 10,000,000 × 20: rows a second, peak memory',
  async run({ nRuns, threads, tempDir, log }) {
    const file = path.join(tempDir, 'rows.parquet');
    await writeRows(file);
    log('file written');
    // Processes of their own: their peak is the build's, and not that of writing the file.
    const answers: Answer[] = [];
    for (let run = 0; run < Math.min(3, nRuns); run++) answers.push(await build(file, threads));
    const ours = timingOf(answers.map(({ seconds }) => seconds));
    return [
      row('build', 's', ours, null, {
        rowsPerSecond: N_ROWS / ours.median,
        passes: PASSES,
        planSeconds: timingOf(answers.map(({ planSeconds }) => planSeconds)).median,
        cpuSeconds: timingOf(answers.map(({ cpuSeconds }) => cpuSeconds)).median,
        peakMb: Math.max(...answers.map(({ peakMb }) => peakMb)),
      }),
    ];
  },
};

/** What `buildChild.ts` prints. */
interface Answer {
  readonly seconds: number;
  readonly planSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

async function writeRows(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const features = Array.from({ length: N_FEATURES }, (_, j) => `random() + random() - 1.0 AS x${j}`).join(', ');
    await connection.run(
      `COPY (
         SELECT *, CASE WHEN x0 + 0.5 * x1 - x2 + 2 * random() > 1.2 THEN 'yes' ELSE 'no' END AS target
         FROM (SELECT ${features} FROM range(${N_ROWS}))
       ) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function build(file: string, threads: number): Promise<Answer> {
  const script = path.join(import.meta.dirname, '../helpers/buildChild.ts');
  const child = spawn(process.execPath, [...jobNodeFlags(2048), script, file, String(threads)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (piece) => (out += String(piece)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as Answer);
      else reject(new Error(`the build ended with code ${code}`));
    });
  });
}
