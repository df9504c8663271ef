import path from 'node:path';
import { importFile } from '../../../main/data/importFile.ts';
import { readPage, type PageRequest } from '../../../main/data/page.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { build } from '../../../main/hosts/start/build.mjs';
import { findChromium } from '../../helpers/chromium.mjs';
import { row, timingOf, type Bench } from '../harness.ts';
import { timeWindowPages } from '../windowPages.ts';

/** The data of the sample that ships with the app. */
const flights = path.resolve(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet');

export const page: Bench = {
  name: 'page',
  description:
    'Grid pages of 100 rows out of 3,000,000, sorted and filtered; 95th percentile at the engine and at the window',
  async run({ tempDir, log }) {
    const { file, columns } = await importFile(flights, {}, tempDir, quietTask);
    const rng = createRng(1);
    const rows = [];
    const cases: Record<string, Pick<PageRequest, 'sort' | 'filters'>> = {
      'file order': { sort: [], filters: [] },
      sorted: { sort: [{ column: columns[1]!.name, isDescending: true }], filters: [] },
      'sorted by two, filtered': {
        sort: [
          { column: columns[3]!.name, isDescending: false },
          { column: columns[1]!.name, isDescending: true },
        ],
        filters: [{ column: columns[1]!.name, op: 'greater', value: 15 }],
      },
    };
    for (const [name, request] of Object.entries(cases)) {
      const started = performance.now();
      const { nRows } = await readPage(file, { ...request, offset: 0, limit: 100 });
      const firstMs = performance.now() - started;
      const ms: number[] = [];
      for (let i = 0; i < 60; i++) {
        const from = performance.now();
        await readPage(file, { ...request, offset: rng.int(Math.max(1, nRows - 100)), limit: 100 });
        ms.push(performance.now() - from);
      }
      rows.push(row(`${name}, at the engine`, 'ms', timingOf(ms), null, { p95Ms: p95(ms), firstMs, nRows }));
    }
    if (findChromium() === null) return rows;
    await build(log);
    for (const { order, ms } of await timeWindowPages(60)) {
      rows.push(row(`${order}, at the window`, 'ms', timingOf(ms), null, { p95Ms: p95(ms) }));
    }
    return rows;
  },
};

const p95 = (ms: readonly number[]): number => ms.toSorted((a, b) => a - b)[Math.ceil(0.95 * ms.length) - 1]!;
