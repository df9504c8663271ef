import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CandidatesAnswer } from '../../../main/contract/candidates.ts';
import { work } from '../../../main/jobs/kinds/candidates/work.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { versionOf } from '../../helpers/tableFile.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { workContext } from '../../helpers/workContext.ts';

const [N, N_TRAIN] = [500, 400];

/** Of the training rows 22 are of the rarer class: 5.5 %, just not a rare one. In file order, so that targets do not decide parts. */
function table(): string[][] {
  const rng = createRng(6);
  return Array.from({ length: N }, (_, i) => {
    const isYes = i < N_TRAIN ? i % 18 === 0 && i < 396 : i % 5 === 0;
    return [(rng.normal() + 2 * Number(isYes)).toFixed(4), rng.normal().toFixed(4), isYes ? 'yes' : 'no'];
  });
}

/** An answer within a budget that is used up before anything is tried, whatever the machine. */
async function answerOn(rows: readonly string[][]) {
  const { file } = await versionOf(`a,b,y\n${rows.map((row) => row.join(',')).join('\n')}\n`);
  const yaml = `data: {path: t.csv, target: y}\nsplit: {validation: ${N - N_TRAIN}, time: rowOrder}\nmodel: {type: logisticRegression}\n`;
  const input = { versionId: 'v', file, yaml, reasons: [], budgetS: 1e-3, artefact: 'a' };
  const { answerFile } = await work.work(input, workContext(tempDir()));
  return CandidatesAnswer.parse(JSON.parse(readFileSync(answerFile, 'utf8')));
}

/** What is said of the data and what is tried, in an order that does not depend on how fast it was. */
async function chosen(rows: readonly string[][]) {
  const { metric, facts, candidates, nRows, nTrain } = await answerOn(rows);
  const tried = candidates.map(({ type, params, reasons, yaml: own }) => ({ type, params, reasons, own }));
  return {
    metric,
    facts,
    nRows,
    nTrain,
    tried: tried.toSorted((a, b) => a.type.localeCompare(b.type)),
  };
}

const order = permutation(N - N_TRAIN, createRng(5));

test.each<[string, (row: readonly string[], i: number, rows: readonly string[][]) => string[]]>([
  ['dealt out anew', ([a, b], i, rows) => [a!, b!, rows[N_TRAIN + order[i - N_TRAIN]!]![2]!]],
  ['of one class but for a row', ([a, b], i) => [a!, b!, i === N - 1 ? 'yes' : 'no']],
  ['as they were but numbers missing', ([a, , y], i) => [a!, i % 2 === 0 ? '' : '1', y!]],
])('candidates are chosen without the validation rows: targets %s there change nothing', async (_, change) => {
  const rows = table();
  const before = await chosen(rows);
  const after = await chosen(rows.map((row, i) => (i < N_TRAIN ? row : change(row, i, rows))));
  expect(after).toEqual(before);
  expect(before).toMatchObject({ metric: 'rocAuc', nRows: N, nTrain: N_TRAIN });
  expect(before.facts.join(' ')).toContain('400 training rows');
  expect(before.facts.join(' ')).toContain('"yes", has 22 rows (5.5 %)');
  expect(before.tried.map(({ type }) => type)).toEqual(['gradientBoosting', 'logisticRegression', 'svc']);
});

test('when the budget is used up the cheapest is tried, once, and the others say what they would take', async () => {
  const { candidates, budgetS, usedS } = await answerOn(table());
  expect(usedS).toBeGreaterThan(budgetS);
  const [first, ...others] = candidates;
  expect(first).toMatchObject({ state: 'done', nTrials: 1 });
  expect(first!.foldScores).toHaveLength(5);
  expect(others).toHaveLength(2);
  for (const { state, error, estimate, score } of others) {
    expect([state, score]).toEqual(['skipped', null]);
    expect(error).toMatch(/^Comparing it would take about .* s, and 0 s of the budget were left\.$/);
    expect(estimate!.trialS).toBeGreaterThanOrEqual(first!.estimate!.trialS);
  }
});
