import { describe, expect, test } from 'vitest';
import { RunConfig, SplitConfig } from '../../../main/contract/config.ts';
import { splitRows, type SplitInput } from '../../../main/data/split.ts';
import { readRows } from '../../../main/experiment/rows/prepare.ts';
import { versionOf } from '../../helpers/tableFile.ts';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const split = (n: number, more: Partial<SplitInput>, config: object) =>
  splitRows({ rows: Uint32Array.from(range(n)), ...more }, SplitConfig.parse(config));
const valuesAt = (rows: ArrayLike<number>, values: ArrayLike<number>) => new Set(Array.from(rows, (i) => values[i]!));

describe('a split by time with ties', () => {
  test.each([
    { what: 'the earlier place is nearer', times: [1, 2, 3, 4, 5, 6, 7, 8, 8, 8], validation: 2, held: 3 },
    { what: 'the later place is nearer', times: [1, 2, 3, 4, 5, 5, 5, 5, 5, 9], validation: 2, held: 1 },
    { what: 'both are as near: more is held out', times: [1, 2, 3, 4, 5, 5, 7, 8, 9, 9], validation: 5, held: 6 },
    { what: 'no tie at the border', times: [1, 1, 1, 1, 1, 1, 2, 2, 2, 2], validation: 4, held: 4 },
    { what: 'ties and a test part', times: [1, 1, 2, 2, 2, 3, 3, 3, 4, 4], validation: 2, test: 3, held: 3, tested: 2 },
  ])('$what', ({ times, validation, test: nTest, held, tested }) => {
    const parts = split(times.length, { times }, { validation, test: nTest ?? 0, time: 't' });
    expect([parts.validation.length, parts.test.length]).toEqual([held, tested ?? 0]);
    expect(Math.max(...valuesAt(parts.train, times))).toBeLessThan(Math.min(...valuesAt(parts.validation, times)));
    const firstTested = Math.min(...valuesAt(parts.test, times));
    expect(Math.max(...valuesAt(parts.validation, times))).toBeLessThan(firstTested);
    const isMoved = held !== validation || (nTest !== undefined && nTest !== tested);
    expect(/border moved/.test(parts.note)).toBe(isMoved);
  });

  test('moved far is a warning', () => {
    const times = range(100).map((i) => (i < 40 ? i : 40));
    expect(split(100, { times }, { time: 't' }).warnings.join()).toMatch(/60 % .* 20 %/);
  });

  test.each([
    ['one time only', Array.from({ length: 50 }, () => 7)],
    ['no time at all', Array.from({ length: 50 }, () => NaN)],
  ])('%s is refused with a way out', (_what, times) => {
    expect(() => split(50, { times }, { time: 't' })).toThrow(
      expect.objectContaining({ code: 'SPLIT_ONE_TIME', fix: expect.objectContaining({ kind: 'setOption' }) }),
    );
  });

  test('rows without a time are trained on and counted', () => {
    const times = range(40).map((i) => (i % 8 === 0 ? NaN : i));
    const { train, warnings } = split(40, { times }, { time: 't' });
    expect([0, 8, 16, 24, 32].every((i) => train.includes(i))).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/5 rows without a t .* trained on/)]);
  });
});

describe('classes that a part lacks', () => {
  const late = Float64Array.from(range(100), (i) => (i < 90 ? i % 2 : 2));
  const early = Float64Array.from(range(100), (i) => (i < 10 ? 2 : i % 2));
  const twoOfRare = Float64Array.from(range(100), (i) => (i < 2 ? 2 : i % 2));
  const oneClassFirst = Float64Array.from(range(100), (i) => Number(i >= 80));

  test.each([
    {
      what: 'time: new class in validation',
      classes: late,
      config: { time: 'rowOrder' },
      code: 'SPLIT_TRAIN_LACKS_CLASS',
    },
    {
      what: 'time: one class to train on',
      classes: oneClassFirst,
      config: { time: 'rowOrder' },
      code: 'TRAIN_ONE_CLASS',
    },
    {
      what: 'random without strata',
      classes: Float64Array.from(range(100), (i) => (i === 99 ? 2 : i % 2)),
      config: { stratify: false, validation: 90, seed: 1 },
      code: 'SPLIT_TRAIN_LACKS_CLASS',
    },
  ])('is refused: $what', ({ classes, config, code }) => {
    expect(() => split(100, { classes, classNames: ['a', 'b', 'c'] }, config)).toThrow(
      expect.objectContaining({ code, fix: expect.objectContaining({ label: expect.any(String) }) }),
    );
  });

  test.each([
    { what: 'time: a class that ended', classes: early, config: { time: 'rowOrder' } },
    { what: 'strata of two rows', classes: twoOfRare, config: {} },
  ])('is told where it is only not scored: $what', ({ classes, config }) => {
    const { warnings } = split(100, { classes, classNames: ['a', 'b', 'c'] }, config);
    expect(warnings).toEqual([
      expect.stringMatching(/validation rows have no row of class "c" \(\d+ rows to train on\).*undefined \(–\)/),
    ]);
  });

  test('the refusal counts by class', () => {
    expect(() =>
      split(100, { classes: late, classNames: ['a', 'b', 'late'] }, { time: 'rowOrder', test: 0.05 }),
    ).toThrow(/"late" \(0 to train on, \d+ for validation, 5 for the test\)/);
  });

  test('strata leave a row of every class to train on', () => {
    const classes = Float64Array.from(range(40), (i) => (i < 2 ? 2 : i % 2));
    expect(valuesAt(split(40, { classes }, { validation: 0.7, test: 0.25 }).train, classes).size).toBe(3);
  });

  test('complete parts give no warning', () => {
    expect(split(100, { classes: Float64Array.from(range(100), (i) => i % 3) }, { test: 0.2 }).warnings).toEqual([]);
  });
});

test.each([
  ['no validation rows', 4, { validation: 0.1 }, 'SPLIT_TOO_SMALL'],
  ['no test rows', 20, { test: 0.01 }, 'SPLIT_TOO_SMALL'],
  ['nothing to train on', 20, { validation: 0.5, test: 0.5 }, 'SPLIT_TOO_SMALL'],
  ['every class too small for its share', 200, {}, 'SPLIT_EMPTY'],
])('%s is refused', (_what, n, config, code) => {
  const classes = Float64Array.from(range(n), (i) => i >> 1);
  expect(() => split(n, { classes }, config)).toThrow(expect.objectContaining({ code }));
});

describe('a split by group', () => {
  test('keeps class shares as far as groups allow, the same for the same seed', () => {
    // 60 subjects of 10 rows, every sixth of them of the rare class.
    const groups = range(600).map((i) => Math.floor(i / 10));
    const classes = Float64Array.from(groups, (g) => Number(g % 6 === 0));
    const shares = range(20).map((seed) => {
      const { validation, train } = split(600, { groups, classes }, { group: 'g', seed });
      expect(split(600, { groups, classes }, { group: 'g', seed }).train).toEqual(train);
      expect(validation).toHaveLength(120);
      return Array.from(validation).filter((i) => classes[i] === 1).length / 120;
    });
    expect(new Set(shares).size).toBe(1);
    expect(shares[0]).toBeCloseTo(1 / 6, 9);
  });

  test('leaves a class of two groups in both parts', () => {
    const groups = range(400).map((i) => Math.floor(i / 10));
    const classes = Float64Array.from(groups, (g) => (g < 2 ? 2 : g % 2));
    for (const seed of range(20)) {
      const { train, validation } = split(400, { groups, classes }, { group: 'g', seed });
      expect(valuesAt(train, classes).size).toBe(3);
      expect(valuesAt(validation, classes).size).toBe(3);
    }
  });

  test('of which one is huge says how far the parts are from the wanted', () => {
    const groups = range(100).map((i) => (i < 90 ? 0 : i));
    const { validation, warnings, train } = split(100, { groups }, { group: 'g' });
    expect([train.length, validation.length]).toEqual([90, 10]);
    expect(warnings).toEqual([]);
    const two = split(100, { groups: range(100).map((i) => Number(i < 55)) }, { group: 'g' });
    expect(two.warnings.join(' ')).toMatch(/45 % .* 20 % .* 55 rows.*Only 1 of 2 groups/s);
  });

  test('rows without a group are groups of their own, and told', () => {
    const groups = range(100).map((i) => (i < 30 ? -1 : i % 7));
    expect(split(100, { groups }, { group: 'g' }).note).toMatch(/37 groups by g .* 30 rows without a g /);
  });

  test.each([
    [[0], {}],
    [[0, 1], { test: 0.2 }],
  ])('of fewer groups than parts is refused', (names, more) => {
    const groups = range(100).map((i) => names[i % names.length]!);
    expect(() => split(100, { groups }, { group: 'g', ...more })).toThrow(
      expect.objectContaining({ code: 'SPLIT_ONE_GROUP' }),
    );
  });

  test('of 200,000 groups', () => {
    const groups = range(600_000).map((i) => i % 200_000);
    expect(split(600_000, { groups }, { group: 'g' }).validation.length).toBeCloseTo(120_000, -1);
  });
});

describe('a column that is no time', () => {
  const csv = (cells: (i: number) => string) =>
    `month,day,x,y\n${range(60)
      .map((i) => cells(i))
      .join('\n')}\n`;
  const read = async (text: string, time: string) => {
    const { file } = await versionOf(text);
    return readRows(file, RunConfig.parse({ data: { target: 'y' }, split: { time }, model: { type: 'ridge' } }));
  };
  const days = csv(
    (i) => `${['jan', 'feb', 'mar'][i % 3]},2024-01-${String(1 + (i % 28)).padStart(2, '0')},${i},${i * 1.5}`,
  );
  const none = csv((i) => `${['jan', 'feb', 'mar'][i % 3]},${i % 2 === 0},${i},${i * 1.5}`);

  test.each([
    ['text beside a date', days, 'month', /day would do/, { 'split.time': 'day' }],
    ['text beside numbers', none, 'month', /\(x, y\)/, { 'split.time': 'rowOrder' }],
    ['true and false', none, 'day', /true or false/, { 'split.time': 'rowOrder' }],
  ])('is refused: %s', async (_what, text, time, message, args) => {
    await expect(read(text, time)).rejects.toMatchObject({
      code: 'SPLIT_TIME_NOT_TIME',
      message: expect.stringMatching(message),
      fix: { args },
    });
  });

  test('a number read as a category still splits by its values', async () => {
    const { file } = await versionOf(days);
    const config = { data: { target: 'y' }, split: { time: 'x' }, preprocess: { types: { x: 'category' } } };
    const { split: parts } = await readRows(file, RunConfig.parse({ ...config, model: { type: 'ridge' } }));
    expect([...parts.validation]).toEqual(range(60).slice(48));
  });
});
