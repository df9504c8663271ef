import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { patchYaml } from '../../../main/contract/patchYaml.ts';

const FILE = `# what we predict
data: {path: adult.csv, target: income, drop: [fnlwgt], task: auto}
split:
  validation: 0.2 # a fifth
  seed: 42

model: {type: logisticRegression, params: {C: 1.0}}
`;

describe('patchYaml', () => {
  test('keeps comments, blank lines and flow style', () => {
    expect(patchYaml(FILE, { 'split.validation': 0.3 })).toBe(FILE.replace('0.2', '0.3'));
    expect(patchYaml(FILE, { 'data.target': 'sex' })).toBe(FILE.replace('income', 'sex'));
  });

  test.each([
    { name: 'a new key in a block', patch: { 'split.time': 'date' }, path: ['split', 'time'], want: 'date' },
    {
      name: 'a new key in flow',
      patch: { 'model.params.penalty': 'l1' },
      path: ['model', 'params', 'penalty'],
      want: 'l1',
    },
    { name: 'a new section', patch: { 'coreset.size': 500 }, path: ['coreset', 'size'], want: 500 },
    { name: 'a list', patch: { 'tune.space.C': [0.1, 1] }, path: ['tune', 'space', 'C'], want: [0.1, 1] },
    {
      name: 'null is a value',
      patch: { 'model.params.maxDepth': null },
      path: ['model', 'params', 'maxDepth'],
      want: null,
    },
    { name: 'text that looks like a number', patch: { 'data.target': '2024' }, path: ['data', 'target'], want: '2024' },
  ])('$name', ({ patch, path, want }) => {
    const after: unknown = path.reduce<unknown>(
      (at, k) => (at as Record<string, unknown>)[k],
      parse(patchYaml(FILE, patch)),
    );
    expect(after).toEqual(want);
  });

  test('undefined removes the key and what it leaves empty', () => {
    const after = parse(patchYaml(FILE, { 'model.params.C': undefined })) as { model: unknown };
    expect(after.model).toEqual({ type: 'logisticRegression' });
    expect(patchYaml(FILE, { 'no.such': undefined })).toBe(FILE);
  });

  test('a mapping takes the place of a scalar', () => {
    expect(parse(patchYaml('coreset: false\n', { 'coreset.size': 100 }))).toEqual({ coreset: { size: 100 } });
  });

  test('an empty file becomes a mapping, a broken one is left alone', () => {
    expect(parse(patchYaml('', { 'data.target': 'y' }))).toEqual({ data: { target: 'y' } });
    expect(patchYaml('a: [1', { a: 2 })).toBe('a: [1');
  });
});
