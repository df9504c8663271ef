import { existsSync } from 'node:fs';
import path from 'node:path';
import { importFile } from '../../../main/data/importFile.ts';
import { analyseTarget } from '../../../main/data/targets.ts';
import { adviceOn } from '../../../main/experiment/dependence/advice.ts';
import { findDependence } from '../../../main/experiment/dependence/find.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { timeRuns, type Bench, type BenchRow } from '../harness.ts';
import { indexedSets } from '../helpers/indexedSets.ts';

/** A large file beside the sets of the index: 3,000,000 rows. */
const LARGE = { name: 'flights_3m_parquet', file: 'parquet/flights-3m.parquet', target: 'delay' };

export const dependence: Bench = {
  name: 'dependence',
  description: 'rows that depend on each other, looked for on every set of the index: the alarm and the seconds',
  async run({ dataDir, tempDir, nRuns, only, log }) {
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    for (const { name, file, target, ...entry } of [...indexedSets(dataDir), LARGE]) {
      const source = path.join(dataDir, file);
      if (target === null || !existsSync(source) || (only !== null && !name.includes(only))) continue;
      const words = 'read' in entry ? entry.read?.na_values?.map(String) : undefined;
      const version = await importFile(source, words ? { nullWords: ['', ...words] } : {}, tempDir, quietTask);
      const { task } = await analyseTarget(version.file, target, 'auto');
      const isRegression = task === 'regression';
      const look = () => findDependence(version.file, { name: target, isRegression });
      const { median, spread } = await timeRuns(nRuns, look);
      const before = process.cpuUsage();
      const found = await look();
      const { user, system } = process.cpuUsage(before);
      const [advice] = adviceOn(found, isRegression);
      const alarm = advice ? `${advice.finding.code} ${JSON.stringify(advice.split)}` : 'none';
      log(`${name}: ${alarm}, ${median.toFixed(2)} s`);
      rows.push({
        case: name,
        unit: 's',
        ours: median,
        spread,
        peer: null,
        peerName: null,
        ratio: null,
        cpuSeconds: (user + system) / 1e6,
        alarm,
        detail: advice?.finding.detail ?? null,
      });
    }
    return rows;
  },
};
