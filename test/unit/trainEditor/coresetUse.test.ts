import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { RunConfig } from '../../../main/contract/config.ts';
import { patchYaml } from '../../../main/contract/patchYaml.ts';
import { coresetUse, USES } from '../../../renderer/pages/train/form/coresetUse.ts';
import { readValues, valueAt } from '../../../renderer/pages/train/form/values.ts';

test.each([
  { yaml: '', use: 'auto' },
  { yaml: 'coreset: auto\n', use: 'auto' },
  { yaml: 'coreset: {size: 300}\n', use: 'always' },
  { yaml: 'coreset: {}\n', use: 'always' },
  { yaml: 'coreset: false\n', use: 'never' },
])('%j is $use', ({ yaml, use }) => {
  expect(coresetUse(valueAt(readValues(yaml), 'coreset'))).toBe(use);
});

test.each(USES.flatMap((from) => USES.map((to) => ({ from, to }))))(
  'the form goes from $from.name to $to.name, and a run takes it so',
  ({ from, to }) => {
    const start = patchYaml('data: {path: a.csv, target: y}\nmodel: {type: ridge}\n', { coreset: from.value });
    const yaml = patchYaml(start, { coreset: to.value });
    expect(coresetUse(valueAt(readValues(yaml), 'coreset'))).toBe(to.name);
    const { coreset } = RunConfig.parse(parse(yaml));
    expect(coresetUse(coreset)).toBe(to.name);
    expect(coreset).toEqual(RunConfig.shape.coreset.parse(to.value));
  },
);

test('a coreset size typed where the file says auto asks for that coreset', () => {
  expect(parse(patchYaml('coreset: auto\n', { 'coreset.size': 500 }))).toEqual({ coreset: { size: 500 } });
});
