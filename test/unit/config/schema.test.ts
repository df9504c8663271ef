import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema } from '../../../main/jobs/config/jsonSchema.ts';
import { estimatorSpecs } from '../../../main/models/registry.ts';

const published = new URL('../../../resources/schemas/pith.schema.json', import.meta.url);

test('the published JSON Schema is that of this version (node main/jobs/config/writeSchema.ts)', async () => {
  const now = JSON.parse(JSON.stringify(configSchema(await estimatorSpecs()))) as unknown;
  expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(now);
});

test('it knows each estimator with its parameters', async () => {
  const schema = configSchema(await estimatorSpecs()) as { allOf: { if: unknown; then: unknown }[] };
  const text = JSON.stringify(schema.allOf.find((rule) => JSON.stringify(rule.if).includes('"ridge"'))?.then);
  expect(text).toContain('"alpha"');
  expect(text).toContain('"additionalProperties":false');
});
