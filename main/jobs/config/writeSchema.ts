/** `node main/jobs/config/writeSchema.ts` publishes the configuration's JSON Schema; a test says when it is due. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { estimatorSpecs } from '../../models/registry.ts';
import { configSchema } from './jsonSchema.ts';

const file = fileURLToPath(new URL('../../../resources/schemas/pith.schema.json', import.meta.url));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(configSchema(await estimatorSpecs()), null, 2)}\n`);
