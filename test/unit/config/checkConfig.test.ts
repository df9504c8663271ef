import { describe, expect, test } from 'vitest';
import { checkConfig, requireConfig, type KnownColumns } from '../../../main/jobs/config/checkConfig.ts';

const columns: KnownColumns = [
  { name: 'age', type: 'integer' },
  { name: 'sex', type: 'text' },
  { name: 'income', type: 'text' },
];
const check = (yaml: string) => checkConfig(yaml, () => columns);

const good = `data:   {path: adult.csv, target: income, drop: [sex], task: auto}
split:  {validation: 0.2, stratify: true, seed: 42}
coreset: {size: 2000, seed: 42}
model:  {type: logisticRegression, params: {C: 1.0}}
tune:   {method: grid, space: {C: [0.01, 0.1, 1, 10]}, folds: 5, metric: rocAuc, on: coreset}
`;

describe('a configuration', () => {
  test('that is right has no problems, and defaults are filled in', async () => {
    const { config, problems } = await check(good);
    expect(problems).toEqual([]);
    expect(config?.preprocess.impute).toBe('median');
    expect(config?.tune?.trials).toBe(30);
  });

  test.each([
    ['an unknown key', 'coreset: {size', 'coreset: {sise', 3, 'coreset.sise', 'did you mean "size"?'],
    ['swapped letters', 'model:  {type', 'modle:  {type', 4, 'modle', 'did you mean "model"?'],
    ['a wrong type', 'folds: 5', 'folds: many', 5, 'tune.folds', 'must be a number, not "many"'],
    ['a value out of range', 'folds: 5', 'folds: 1', 5, 'tune.folds', 'must be at least 2'],
    ['a wrong choice', 'on: coreset', 'on: sample', 5, 'tune.on', 'must be one of coreset, full'],
    [
      'an unknown model',
      'logisticRegression',
      'logisticRegresion',
      4,
      'model.type',
      'did you mean "logisticRegression"?',
    ],
    [
      'a parameter out of range',
      'params: {C: 1.0}',
      'params: {C: -1}',
      4,
      'model.params.C',
      'C must be a number greater than 0',
    ],
    ['an unknown parameter', 'params: {C', 'params: {Cc', 4, 'model.params.Cc', 'did you mean "C"?'],
    ['a parameter out of range', 'C: 1.0', 'C: -1', 4, 'model.params.C', 'greater than 0'],
    ['an impossible space', '[0.01, 0.1, 1, 10]', '[0.01, 0, 1]', 5, 'tune.space.C', 'greater than 0, not 0'],
    ['an empty range', '[0.01, 0.1, 1, 10]', '{min: 3, max: 1}', 5, 'tune.space.C.max', 'below min'],
    ['a log range from zero', '[0.01, 0.1, 1, 10]', '{min: 0, max: 1, log: true}', 5, 'tune.space.C.min', 'above 0'],
    ['an unknown metric', 'rocAuc', 'rockAuc', 5, 'tune.metric', 'There is no metric "rockAuc"'],
    ['an unknown target', 'target: income', 'target: incme', 1, 'data.target', 'did you mean "income"?'],
    ['an unknown column to drop', 'drop: [sex]', 'drop: [sax]', 1, 'data.drop.0', 'did you mean "sex"?'],
    [
      'an unknown column to split by',
      'seed: 42}\ncoreset',
      'seed: 42, time: day}\ncoreset',
      2,
      'split.time',
      'no column "day"',
    ],
  ])('with %s: the line and the place are named', async (_what, from, to, line, path, message) => {
    const { config, problems } = await check(good.replace(from, to));
    expect(config).toBeNull();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 'error', path, span: { line } });
    expect(problems[0]!.message).toContain(message);
  });

  test('a suggestion replaces exactly the wrong word', async () => {
    const yaml = good.replace('rocAuc, on: coreset', 'rocAuc, on: coreset, trails: 5');
    const { problems } = await check(yaml);
    const { span, fix } = problems[0]!;
    const line = yaml.split('\n')[span.line - 1]!;
    expect(line.slice(span.column - 1, span.endColumn - 1)).toBe('trails');
    expect(fix?.replacement).toBe('trials');
  });

  test.each([
    ['a missing part', good.replace(/model:.*\n/, ''), 'model is missing.'],
    ['a missing target', good.replace('target: income, ', ''), 'data.target is missing.'],
    ['no table', good.replace('path: adult.csv, ', ''), 'names no table'],
    ['no mapping', 'just a sentence', 'The file must be a mapping'],
    ['an empty file', '', 'is missing'],
    ['broken YAML', 'data: {path: x', 'This is not YAML'],
    [
      'a grid nobody can wait for',
      good.replace('[0.01, 0.1, 1, 10]', `[${Array.from({ length: 20_001 }, (_, i) => i + 1).join(', ')}]`),
      'at most 20,000',
    ],
  ])('with %s is refused', async (_what, yaml, message) => {
    const { config, problems } = await check(yaml);
    expect(config).toBeNull();
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
  });

  test('requireConfig says line and sentence', async () => {
    await expect(requireConfig(good.replace('folds', 'fold'), () => columns)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^line 5: .*"folds"/) as string,
      span: { line: 5 },
    });
  });

  test.each([
    ['', 'auto'],
    ['coreset: auto', 'auto'],
    ['coreset: {}', { size: 2000, seed: 42, service: 'auto', level: 0, refresh: false }],
  ])('coreset written as %j is %j', async (written, want) => {
    const { config } = await checkConfig(good.replace(/coreset: \{.*\}/, written), () => null);
    expect(config?.coreset).toEqual(want);
  });

  test('a coreset that is no word of ours says what it may be', async () => {
    const { problems } = await checkConfig(good.replace(/coreset: \{.*\}/, 'coreset: maybe'), () => null);
    expect(problems).toMatchObject([
      { path: 'coreset', message: expect.stringMatching(/auto.*a mapping.*false/) as string },
    ]);
  });

  test('`coreset: false` trains on all rows', async () => {
    const { config } = await check(
      good.replace(/coreset: \{.*\}/, 'coreset: false').replace('on: coreset', 'on: full'),
    );
    expect(config?.coreset).toBe(false);
  });
});

describe('a configuration without a target', () => {
  const clusters = 'data:   {path: adult.csv}\nmodel:  {type: kMeans, params: {k: 3}}\ntune:   {space: {k: [2, 3]}}\n';

  test('is right for clusters; k is another name of nClusters', async () => {
    const { config, problems } = await check(clusters);
    expect(problems).toEqual([]);
    expect(config?.model.params).toEqual({ nClusters: 3 });
    expect(config?.tune?.space).toEqual({ nClusters: [2, 3] });
  });

  test.each([
    ['a model that predicts', 'kMeans, params: {k: 3}', 'ridge', 1, 'data.target', 'predicts a column'],
    ['a task with a target', '{path: adult.csv}', '{path: adult.csv, task: binary}', 1, 'data.task', 'clustering'],
    ['a metric of predictions', '{space: {k: [2, 3]}}', '{metric: rocAuc}', 3, 'tune.metric', 'silhouette'],
    ['k out of range', '{k: 3}', '{k: 0}', 2, 'model.params.k', 'at least 1'],
    [
      'encoding by a target',
      'tune:   {space',
      'preprocess: {encode: target}\ntune:   {space',
      3,
      'preprocess.encode',
      'none',
    ],
  ])('%s is told', async (_, from, to, line, path, text) => {
    const { config, problems } = await check(clusters.replace(from, to));
    expect(config).toBeNull();
    expect(problems[0]).toMatchObject({ severity: 'error', path, span: { line } });
    expect(problems[0]!.message).toContain(text);
  });

  test('that names one anyway is warned that it is left out', async () => {
    const { config, problems } = await check(clusters.replace('adult.csv', 'adult.csv, target: sex'));
    expect(config).not.toBeNull();
    expect(problems).toMatchObject([{ severity: 'warning', path: 'data.target' }]);
  });
});
