import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { row, timingOf, type Bench } from '../harness.ts';

const pith = path.resolve(import.meta.dirname, '../../../main/hosts/cli/pith.mjs');

const yaml = (file: string) => `data:   {path: ${JSON.stringify(file)}, target: income, drop: [fnlwgt], task: auto}
split:  {validation: 0.2, stratify: true, seed: 42}
coreset: {size: 2000, seed: 42}
model:  {type: logisticRegression, params: {C: 1.0}}
tune:   {method: grid, space: {C: [0.01, 0.1, 1, 10]}, folds: 5, metric: rocAuc, on: coreset}
compute: {threads: 2}
`;

interface Report {
  readonly params: { readonly C: number };
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly fidelity: { readonly excessLoss: number };
}

export const run: Bench = {
  name: 'run',
  description: 'npx pith run on adult (48,842 rows), cold: import, coreset, grid, fits, evaluation, record',
  async run({ nRuns, dataDir, tempDir, peer }) {
    if (dataDir === null)
      throw new Error('this bench needs adult.csv: set PITH_BENCH_DATA to the folder of the data sets');
    const file = path.join(dataDir, 'binary/adult.csv');
    const seconds: number[] = [];
    const peaks: number[] = [];
    let report: Report | null = null;
    for (let i = 0; i <= nRuns; i++) {
      const folder = mkdtempSync(path.join(tempDir, 'run-'));
      const config = path.join(folder, 'adult.pith.yaml');
      writeFileSync(config, yaml(file));
      const from = performance.now();
      // GNU time measures the largest process, which is the job's.
      const ended = spawnSync('/usr/bin/time', ['-f', 'peak %M', process.execPath, pith, 'run', config, '--json'], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      if (ended.status !== 0) throw new Error(ended.stderr);
      if (i > 0) seconds.push((performance.now() - from) / 1000);
      peaks.push(Number(/peak (\d+)/.exec(ended.stderr)?.[1]) / 1024);
      report = JSON.parse(ended.stdout) as Report;
    }
    const answer = (await peer('run.py', [file, String(report!.params.C)])) as {
      rocAuc: number;
      seconds: number;
      name: string;
    } | null;
    const { full, coreset } = report!.metrics;
    return [
      row(
        'adult',
        's',
        timingOf(seconds),
        answer ? { name: 'scikit-learn grid on all rows', median: answer.seconds } : null,
        {
          peakMb: timingOf(peaks).median,
          rocAucFull: full!['rocAuc'],
          rocAucCoreset: coreset!['rocAuc'],
          rocAucPeer: answer?.rocAuc,
          excessLoss: report!.fidelity.excessLoss,
        },
      ),
    ];
  },
};
