import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../main/contract/config.ts';
import { analyseTarget } from '../../../main/data/targets.ts';
import { dependenceFindings, splitWarnings } from '../../../main/experiment/dependence/findings.ts';
import { intraclassCorrelation, smoothness } from '../../../main/experiment/dependence/intraclass.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import * as made from '../../helpers/dependentRows.ts';
import { versionOf } from '../../helpers/tableFile.ts';

async function findingsOf(csv: string) {
  const { file } = await versionOf(csv);
  return dependenceFindings(file, 'y', await analyseTarget(file, 'y', 'auto'));
}

const SEEDS = [1, 2];

describe('groups are found by what their rows do, whatever the column is called', () => {
  test.each([
    { what: 'near-copies, `mouse`', column: 'mouse', csv: (s: number) => made.nearCopies('mouse', s) },
    {
      what: 'near-copies, `subject#`, shuffled',
      column: 'subject#',
      csv: (s: number) => made.shuffled(made.nearCopies('subject#', s), s),
    },
    {
      what: 'near-copies, texts',
      column: 'patient',
      csv: (s: number) => made.nearCopies('patient', s, (k) => `P-${(k * 37) % 101}`),
    },
    {
      what: 'near-copies, a name that says a measure',
      column: 'weight',
      csv: (s: number) => made.nearCopies('weight', s),
    },
    {
      what: 'near-copies, a number with fractions',
      column: 'mass',
      csv: (s: number) =>
        made.shuffled(
          made.nearCopies('mass', s, (k) => 1.37 * ((k * 37) % 101) + 3.1),
          s,
        ),
    },
    { what: 'a panel: only the person explains the rest', column: 'nr', csv: (s: number) => made.panel('nr', s) },
    {
      what: 'speakers: nothing of y, but neighbours know them',
      column: 'who',
      csv: (s: number) => made.speakers('who', s),
    },
  ])('$what', async ({ column, csv }) => {
    for (const seed of SEEDS) {
      const found = await findingsOf(csv(seed));
      expect(found).toEqual([
        expect.objectContaining({ code: 'GROUPS', columns: [column], patch: { 'split.group': column } }),
      ]);
    }
  });

  test('with evidence: scores on random rows and on unseen mice', async () => {
    const [found] = await findingsOf(made.nearCopies('mouse', 1));
    expect(found!.title).toBe('Rows of one mouse are near-copies');
    const [, random, apart] = /accuracy ([\d.]+) on random rows and accuracy ([\d.]+) on a mouse/.exec(found!.detail)!;
    expect(Number(random)).toBeGreaterThan(0.95);
    expect(Number(apart)).toBeLessThan(0.6);
  });

  test('in a text whose last part numbers the rows', async () => {
    const [header, ...rows] = made
      .nearCopies('name', 2, (s) => `S${s}`)
      .trimEnd()
      .split('\n');
    const named = rows.map((row, i) => row.replace(/^(S\d+)/, `$1_${i % 12}`));
    const [found] = await findingsOf(`${header}\n${named.join('\n')}\n`);
    expect(found).toMatchObject({ code: 'GROUPS', columns: ['name'], patch: null });
  });

  test('in two columns that name them only together', async () => {
    for (const seed of SEEDS) {
      const csv = made.nearCopies('first,last', seed, (k) => `f${k % 8},l${k >> 3}`);
      expect(await findingsOf(made.shuffled(csv, seed))).toEqual([
        expect.objectContaining({
          code: 'GROUPS',
          title: 'Rows of one first with last are near-copies',
          columns: expect.toSatisfy((of: string[]) => of.toSorted().join() === 'first,last'),
          patch: null,
        }),
      ]);
    }
  });

  test.each([
    ['no column', (csv: string) => csv.replaceAll(/^[^,]*,/gm, '')],
    [
      'a number of the row only',
      (csv: string) =>
        csv
          .split('\n')
          .map((row, i) => row.replace(/^[^,]*/, i === 0 ? 'row' : String((i * 577) % 1009)))
          .join('\n'),
    ],
  ])('in shuffled near-copies with %s', async (_what, withoutKey) => {
    for (const seed of SEEDS) {
      const csv = withoutKey(made.shuffled(made.nearCopies('mouse', seed, String, 0.08), seed).trimEnd());
      const [found, ...more] = await findingsOf(csv);
      expect(more).toEqual([]);
      expect(found).toMatchObject({ code: 'GROUPS', columns: [], patch: null, action: null });
      const [, random, apart] = /accuracy ([\d.]+) on random rows and accuracy ([\d.]+) on a cluster/.exec(
        found!.detail,
      )!;
      expect(Number(random)).toBeGreaterThan(0.95);
      expect(Number(apart)).toBeLessThan(0.6);
    }
  });
});

describe('no alarm where rows are independent', () => {
  test.each([
    ['a smooth number of even levels', (s: number) => made.smoothNumber('customer_id', s)],
    ['zip codes', (s: number) => made.zipCodes(s)],
    ['a file sorted by class', (s: number) => made.classSorted(s)],
    ['a month code called `date`', (s: number) => made.monthCode('date', s)],
    [
      'a shuffled panel without its key',
      (s: number) => made.shuffled(made.panel('x', s), s).replaceAll(/^[^,]*,/gm, ''),
    ],
    ['a thermometer of half degrees', made.halfDegrees],
    ['a full factorial', made.factorial],
    ['a smooth surface', made.surface],
    ['shuffled running numbers', (s: number) => made.shuffled(made.counted(s), s)],
    ['a shuffled series', (s: number) => made.shuffled(made.drifting(s), s)],
  ])('%s', async (_what, csv) => {
    for (const seed of SEEDS) expect(await findingsOf(csv(seed))).toEqual([]);
  });
});

describe('order', () => {
  test('of a walk through which the class goes is found; independent rows of the same kind are not', async () => {
    const rng = createRng(3);
    let level = 0;
    const walk = Array.from({ length: 3000 }, () => {
      level += rng.normal();
      return `${level.toFixed(3)},${rng.normal().toFixed(3)},${Math.sin(level / 3) > 0 ? 'up' : 'down'}`;
    });
    expect(await findingsOf(`level,noise,y\n${walk.join('\n')}\n`)).toMatchObject([{ code: 'SPLIT_DISHONEST' }]);
    const plain = Array.from({ length: 3000 }, () => {
      const x = rng.normal();
      return `${x.toFixed(3)},${rng.normal().toFixed(3)},${x + rng.normal() > 0 ? 'up' : 'down'}`;
    });
    expect(await findingsOf(`x,noise,y\n${plain.join('\n')}\n`)).toEqual([]);
  });

  test('that drifts is found in the file', async () => {
    for (const seed of SEEDS)
      expect(await findingsOf(made.drifting(seed))).toEqual([
        expect.objectContaining({ code: 'SPLIT_DISHONEST', patch: { 'split.time': 'rowOrder' } }),
      ]);
  });

  test.each([
    ['in the order of the file', (s: number) => made.drifting(s, 'noted')],
    ['in shuffled rows with times', (s: number) => made.shuffled(made.drifting(s, 'noted'), s)],
  ])('%s names the column of times', async (_what, csv) => {
    expect(await findingsOf(csv(1))).toEqual([expect.objectContaining({ patch: { 'split.time': 'noted' } })]);
  });

  test('of a running number is found in shuffled rows', async () => {
    for (const seed of SEEDS)
      expect(await findingsOf(made.shuffled(made.walk('seqno', seed), seed))).toEqual([
        expect.objectContaining({ code: 'SPLIT_DISHONEST', patch: { 'split.time': 'seqno' } }),
      ]);
  });

  test('is told before a column that comes again and again, as months do', async () => {
    for (const seed of SEEDS)
      expect(await findingsOf(made.seasons(seed))).toEqual([
        expect.objectContaining({ patch: { 'split.time': 'rowOrder' } }),
      ]);
  });
});

describe('a run', () => {
  const warningsOf = async (csv: string, config: object) => {
    const { file } = await versionOf(csv);
    const parsed = RunConfig.parse({ data: { target: 'y' }, model: { type: 'randomForest' }, ...config });
    return (await splitWarnings(file, parsed, await analyseTarget(file, 'y', 'auto'))).join('\n');
  };

  test('says which split is honest, also by a column that it leaves out', async () => {
    const csv = made.nearCopies('mouse', 1);
    expect(await warningsOf(csv, {})).toMatch(/near-copies.*write split: {"group":"mouse"}/);
    expect(await warningsOf(csv, { data: { target: 'y', drop: ['mouse'] } })).toMatch(/write split: {"group":"mouse"}/);
    expect(await warningsOf(csv, { split: { group: 'mouse' } })).toBe('');
  });

  test('says what the split does to the classes, and offers none that would be refused', async () => {
    // Everything of one class is in few mice, or at the end of the file.
    const [header, ...rows] = made.nearCopies('mouse', 1).trimEnd().split('\n');
    const rare = rows.map((row, i) => (i < 12 ? row.replace(/,\w$/, ',rare') : row));
    expect(await warningsOf(`${header}\n${rare.join('\n')}\n`, {})).toMatch(
      /Split so: The validation rows have no row of class "rare"/,
    );
    const [series, ...days] = made.drifting(1).trimEnd().split('\n');
    const classed = days.map((row, i) => {
      const [x1, x2, y] = row.split(',').map(Number) as [number, number, number];
      return `${x1},${x2},${i >= 1000 ? 'late' : y > 0 ? 'up' : 'down'}`;
    });
    const warning = await warningsOf(`${series}\n${classed.join('\n')}\n`, {});
    expect(warning).toMatch(/not possible as it stands: .*"late"/);
    expect(warning).not.toMatch(/write split/);
  });
});

describe('the figures', () => {
  test('intraclass correlation is that of the analysis of variance', () => {
    // By hand: means 1, 4, 10; MSB = 2·(16 + 1 + 25)/2 = 42; MSW = (2 + 2 + 8)/3 = 4; (42 − 4)/(42 + 4).
    const values = Float64Array.of(0, 2, 3, 5, 8, 12);
    expect(intraclassCorrelation(values, 1, Int32Array.of(0, 0, 1, 1, 2, 2))).toBeCloseTo(38 / 46, 12);
  });

  test('smoothness is near 1 for a measured column and near 0 for a key', () => {
    const rng = createRng(4);
    const keys = Float64Array.from({ length: 400 }, (_, i) => i >> 1);
    const codes = Int32Array.from(keys);
    expect(
      smoothness(
        keys.map((k) => Math.sin(k / 20)),
        1,
        codes,
        keys,
      ),
    ).toBeGreaterThan(0.9);
    expect(
      Math.abs(
        smoothness(
          keys.map(() => rng.normal()),
          1,
          codes,
          keys,
        ),
      ),
    ).toBeLessThan(0.2);
  });
});
