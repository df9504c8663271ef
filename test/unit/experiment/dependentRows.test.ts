import { expect, test } from 'vitest';
import { openTestRows } from '../../../main/experiment/testRows/open.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { experimentOn } from '../../helpers/experiment.ts';

/** Subjects of ten nearly equal rows; their labels go by the subject. */
function subjects(nSubjects: number): string {
  const rng = createRng(21);
  const lines = ['subject,x,label'];
  for (let s = 0; s < nSubjects; s++) {
    const at = rng.normal();
    const label = at + 2 * rng.normal() > 0 ? 'yes' : 'no';
    for (let r = 0; r < 10; r++) lines.push(`s${s},${(at + 0.01 * rng.normal()).toFixed(6)},${label}`);
  }
  return lines.join('\n');
}

const run = (csv: string, split: object) =>
  experimentOn(csv, {
    data: { target: 'label', drop: ['subject'] },
    model: { type: 'logisticRegression' },
    coreset: false,
    split,
  });

test('scores of validation and test rows have intervals that know the groups of the split', async () => {
  const done = await run(subjects(120), { group: 'subject', validation: 0.25, test: 0.25 });
  const { file, config, result, path } = done;
  const full = result.evaluations.find(({ rows }) => rows === 'full')!;
  const models = [{ rows: 'full' as const, nFitRows: full.nFitRows, pipeline: path('pipeline-full') }];
  const opened = await openTestRows({ file, config, models, recorded: result }, quietTask);
  for (const { metrics, nValidation } of [full, opened.evaluations[0]!]) {
    const { value, low, high } = metrics['accuracy']!;
    // That of as many independent rows is 3.92 standard errors wide; ten equal rows count as one.
    expect((high! - low!) / (3.92 * Math.sqrt((value * (1 - value)) / nValidation))).toBeGreaterThan(2.5);
  }
});

test('a run scored on four groups says that they are too few', async () => {
  const { result } = await run(subjects(16), { group: 'subject', validation: 0.25, test: 0 });
  const { metrics } = result.evaluations.find(({ rows }) => rows === 'full')!;
  expect(metrics['accuracy']).toMatchObject({ interval: 'tooFewGroups' });
});
