import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTree } from '../../main/coreset/tree/treeFile.ts';
import { literal, withConnection } from '../../main/data/duck.ts';
import type { BuildOutcome } from '../../main/jobs/kinds/coreset/input.ts';
import { work } from '../../main/jobs/kinds/coreset/work.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { readFileSync } from 'node:fs';
import { tempDir } from '../helpers/tempDir.ts';
import { workContext } from '../helpers/workContext.ts';

const N_ROWS = 1200;

/** `twice` and `sum` follow from others, `same` never changes, `none` and `blank` hold nothing. */
async function awkwardTable(folder: string): Promise<string> {
  const rng = createRng(12);
  const lines = Array.from({ length: N_ROWS }, (_, i) => {
    const [a, b] = [rng.normal(), rng.normal()];
    const label = rng.uniform() < 1 / (1 + Math.exp(-2 * a)) ? 'good' : 'bad';
    return `${a},${2 * a},${b},${a + b},7,,"",${i % 3 === 0 ? '' : (a * b).toFixed(3)},${label},${a - b}`;
  });
  const csv = join(folder, 'awkward.csv');
  writeFileSync(csv, `a,twice,b,sum,same,none,blank,gaps,label,value\n${lines.join('\n')}\n`);
  const file = join(folder, 'awkward.parquet');
  // `none` is a column of numbers, none of which is there.
  const columns = '* REPLACE (CAST(NULL AS DOUBLE) AS none)';
  await withConnection((connection) =>
    connection.run(`COPY (SELECT ${columns} FROM read_csv(${literal(csv)})) TO ${literal(file)} (FORMAT parquet)`),
  );
  return file;
}

describe('columns that are missing, constant or collinear', () => {
  test.each([
    { service: 'logistic', target: 'label', drop: ['value'] },
    { service: 'svm', target: 'label', drop: ['value'] },
    { service: 'tree', target: 'label', drop: ['value'] },
    { service: 'network', target: 'label', drop: ['value'] },
    { service: 'generic', target: 'label', drop: ['value'] },
    { service: 'linear', target: 'value', drop: ['label'] },
    { service: 'tree', target: 'value', drop: ['label'] },
    { service: 'kmeans', target: undefined, drop: ['label', 'value'] },
    { service: 'pca', target: undefined, drop: ['label', 'value'] },
  ])('do not stop a coreset for $service of $target', async ({ service, target, drop }) => {
    const folder = tempDir();
    const file = await awkwardTable(folder);
    const said: string[] = [];
    const context = { ...workContext(folder), log: (line: string) => void said.push(line) };
    const of = { versionId: 'ver_1', file, name: 'n', size: 150, seed: 3 };
    const outcome = await work.work({ what: 'build', ...of, service, target, drop }, context);
    const tree = loadTree(readFileSync((outcome as BuildOutcome).treeFile));
    const { X, weight } = tree.coreset(0);
    expect(tree.nRowsCovered).toBe(N_ROWS);
    expect(weight.every((w) => w > 0 && Number.isFinite(w))).toBe(true);
    expect(Math.abs(weight.reduce((a, b) => a + b, 0) / N_ROWS - 1)).toBeLessThan(0.03);
    // What holds nothing is left out and named.
    expect(said.join('\n')).toMatch(/none/);
    expect(X.nCols).toBeLessThan(9);
  });
});
