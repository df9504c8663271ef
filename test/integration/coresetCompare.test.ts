import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { literal, withConnection } from '../../main/data/duck.ts';
import type { CompareOutcome } from '../../main/jobs/kinds/coreset/input.ts';
import { work } from '../../main/jobs/kinds/coreset/work.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { tempDir } from '../helpers/tempDir.ts';
import { workContext } from '../helpers/workContext.ts';

/** Three groups, a class and a number that follow from where a row lies. */
async function groupedTable(folder: string): Promise<string> {
  const rng = createRng(21);
  const lines = Array.from({ length: 2000 }, () => {
    const c = rng.int(3);
    const [a, b] = [5 * c + rng.normal(), rng.normal() - 2 * c];
    const label = rng.uniform() < 1 / (1 + Math.exp(-2 * (b + 2 * c) - c)) ? 'good' : 'bad';
    return `${a},${b},${label},${a + 2 * b + 0.2 * rng.normal()}`;
  });
  const csv = join(folder, 'groups.csv');
  writeFileSync(csv, `a,b,label,value\n${lines.join('\n')}\n`);
  const file = join(folder, 'groups.parquet');
  await withConnection((connection) =>
    connection.run(`COPY (FROM read_csv(${literal(csv)})) TO ${literal(file)} (FORMAT parquet)`),
  );
  return file;
}

test.each([
  { service: 'auto', target: 'label', drop: ['value'], metric: 'rocAuc', least: 0.8, most: 1 },
  { service: 'tree', target: 'label', drop: ['value'], metric: 'rocAuc', least: 0.7, most: 1 },
  { service: 'network', target: 'label', drop: ['value'], metric: 'rocAuc', least: 0.6, most: 1 },
  { service: 'auto', target: 'value', drop: ['label'], metric: 'rmse', least: 0.15, most: 0.25 },
  { service: 'generic', target: 'value', drop: ['label'], metric: 'rmse', least: 0.15, most: 2 },
  // Three groups far apart: ten clusters leave next to nothing; two directions leave nothing at all.
  { service: 'kmeans', drop: ['label', 'value'], metric: 'explainedVariance', least: 0.9, most: 1 },
  { service: 'pca', drop: ['label', 'value'], metric: 'explainedVariance', least: 0.999, most: 1.001 },
])('coresets for $service of $target are compared by $metric', async ({ metric, least, most, ...of }) => {
  const folder = tempDir();
  const context = workContext(folder);
  const settings = [{ size: 150 }, { size: 300 }];
  const asked = { versionId: 'ver_1', file: await groupedTable(folder), name: 'n', seed: 3, target: undefined, ...of };
  const { built } = (await work.work(
    { what: 'compare', comparisonId: 'cmp_1', settings, ...asked },
    context,
  )) as CompareOutcome;
  expect(built.map(({ meta }) => meta.nRows)).toEqual([150, 300]);
  for (const { meta } of built) {
    const compared = (meta as unknown as { compared: Record<string, number | string> }).compared;
    expect(compared['metric']).toBe(metric);
    expect(compared['mean']).toBeGreaterThan(least);
    expect(compared['mean']).toBeLessThanOrEqual(most);
    expect(compared['standardError']).toBeGreaterThanOrEqual(0);
  }
});
