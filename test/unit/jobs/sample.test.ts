import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { RunConfig } from '../../../main/contract/config.ts';
import { replaceText } from '../../../main/jobs/kinds/sample/input.ts';
import { findSample, listSamples } from '../../../main/jobs/samples/index.ts';

test('every place that names the file names the other, and nothing else changes', () => {
  const input = { file: { path: '/a.parquet' }, more: ['/a.parquet', '/a.parquet2', 3, null, true], name: 'a' };
  expect(replaceText(input, '/a.parquet', '/b')).toEqual({
    file: { path: '/b' },
    more: ['/b', '/a.parquet2', 3, null, true],
    name: 'a',
  });
});

test.each(listSamples().map(({ id }) => id))('the train files of sample %s fit the schema and name its data', (id) => {
  const { trainFiles } = findSample(id);
  expect(trainFiles.length).toBeGreaterThan(0);
  for (const { yaml } of trainFiles) expect(RunConfig.parse(parse(yaml)).data.dataset).toBe(id);
});
