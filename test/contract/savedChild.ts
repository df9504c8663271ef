import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadPipeline } from '../../main/models/pipeline/pipeline.ts';
import { answersOf, freshTable } from './nasty.ts';

// A process of its own: reads every pipeline of the folder and writes what it says of the fresh rows, to the last bit.
const folder = process.argv[2]!;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.pipeline'))) {
  const pipeline = await loadPipeline(readFileSync(path.join(folder, name)));
  writeFileSync(path.join(folder, `${name}.answers`), await answersOf(pipeline, freshTable()));
}
