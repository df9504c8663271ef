import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../main/contract/config.ts';
import { work } from '../../main/jobs/kinds/run/work.ts';
import { createRng, permutation, type Rng } from '../../main/kernels/rng.ts';
import { estimatorSpecs, structureOf } from '../../main/models/registry.ts';
import { tempDir } from '../helpers/tempDir.ts';
import { versionOf } from '../helpers/tableFile.ts';
import { workContext } from '../helpers/workContext.ts';

/**
 * What is scored is never looked at: with other targets in the validation and the test rows, every model, every
 * parameter that was chosen and every trial is the same to the last bit.
 */
const N = 420;
const FIRST_HELD = 300;

/** Numbers with gaps, categories with rare levels, text, a date; y follows from some of them. */
function rowsOf(isRegression: boolean, rng: Rng): string[][] {
  return Array.from({ length: N }, (_, i) => {
    const a = rng.normal();
    const b = rng.normal();
    const level = i % 97 === 3 ? 'rare' : ['red', 'green', 'blue'][rng.int(3)]!;
    const value = a - b + (level === 'red' ? 1 : 0) + 0.7 * rng.normal();
    const date = `20${10 + rng.int(12)}-0${1 + rng.int(9)}-1${rng.int(9)}`;
    const y = isRegression ? value.toFixed(4) : value > 0.2 ? 'yes' : 'no';
    return [i % 19 === 0 ? '' : a.toFixed(4), b.toFixed(4), level, date, y];
  });
}

/** The same rows with the targets of those from `FIRST_HELD` on dealt out anew among the held part and the test part. */
function permuted(rows: readonly string[][]): string[][] {
  const order = permutation(N - FIRST_HELD, createRng(77));
  return rows.map((row, i) =>
    i < FIRST_HELD ? row : [...row.slice(0, -1), rows[FIRST_HELD + order[i - FIRST_HELD]!]!.at(-1)!],
  );
}

const csvOf = (rows: readonly string[][]) => `a,b,level,since,y\n${rows.map((row) => row.join(',')).join('\n')}\n`;

/** Everything a run settled on: artefacts but what is said of the held-out rows, chosen parameters, trials. */
async function settled(rows: readonly string[][], config: object) {
  const { file, hash } = await versionOf(csvOf(rows));
  const outcome = await work.work(
    { config: RunConfig.parse(config), data: { kind: 'version', file, hash } },
    workContext(tempDir()),
  );
  const digest = (name: string) => createHash('sha256').update(readFileSync(name)).digest('hex');
  return {
    artefacts: Object.fromEntries(
      outcome.artefacts
        .filter(({ name }) => name !== 'predictions')
        .map(({ name, file: kept }) => [name, digest(kept)]),
    ),
    params: outcome.result.params,
    trials: outcome.result.trials.map(({ params, foldScores, state }) => ({ params, foldScores, state })),
    scores: outcome.result.evaluations.map(({ rows: kind, metrics }) => [kind, metrics]),
  };
}

const supervised = (await estimatorSpecs()).filter((spec) => structureOf(spec) === null);
/** Parameters with which an estimator chooses most while it fits. */
const CHOOSING: Readonly<Record<string, object>> = {
  gradientBoosting: { earlyStopping: true, maxIter: 200, nIterNoChange: 5 },
  neuralNetwork: { epochs: 25, earlyStopping: true, schedule: 'plateau' },
};

describe.each(supervised.map((spec) => [spec.type, spec] as const))('%s', (type, spec) => {
  const isRegression = !spec.tasks.includes('binary');
  const rows = rowsOf(isRegression, createRng(3));
  const space = Object.fromEntries(Object.entries(spec.suggestedSpace).slice(0, 1));
  const search = { method: 'random', trials: 2, folds: 3, space };
  test.each([
    { name: 'alone', tune: undefined },
    ...(Object.keys(space).length > 0 ? [{ name: 'in a search', tune: search }] : []),
  ])('$name: is the same whatever the validation and test targets are', async ({ tune }) => {
    const config = {
      data: { target: 'y', task: isRegression ? 'regression' : 'auto' },
      // In file order, so that the targets do not decide which row is in which part.
      split: { validation: 70, test: N - FIRST_HELD - 70, time: 'rowOrder' },
      coreset: { size: 120, seed: 1 },
      model: { type, params: CHOOSING[type] ?? {} },
      ...(tune && { tune }),
    };
    const [before, after] = [await settled(rows, config), await settled(permuted(rows), config)];
    expect(after.artefacts).toEqual(before.artefacts);
    expect(Object.keys(before.artefacts)).toContain('pipeline-full');
    expect(after.params).toEqual(before.params);
    expect(after.trials).toEqual(before.trials);
    // The other targets did arrive: the scores know them.
    expect(after.scores).not.toEqual(before.scores);
  });
});
