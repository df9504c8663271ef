import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import type { Sample } from '../../contract/project.ts';

const samplesDir = fileURLToPath(new URL('../../../resources/samples/', import.meta.url));
const trainFileSuffix = '.pith.yaml';

/** `sample.yaml` in a folder of resources/samples. */
const SampleFile = z.strictObject({
  title: z.string(),
  description: z.string(),
  /** Beside sample.yaml, or in the data folder of the npm package vega-datasets. */
  file: z.string(),
  nRows: z.number(),
  nColumns: z.number(),
  /** Columns made at import: DuckDB expression by name. */
  derive: z.record(z.string(), z.string()).default({}),
});

export interface SampleProject extends Sample {
  readonly dataPath: string;
  readonly derive: Readonly<Record<string, string>>;
  readonly trainFiles: readonly { readonly name: string; readonly yaml: string }[];
}

/** The samples that ship with the app, largest first. */
export function listSamples(): Sample[] {
  return readdirSync(samplesDir)
    .filter((id) => existsSync(join(samplesDir, id, 'sample.yaml')))
    .map((id) => readSample(id))
    .filter(({ dataPath }) => existsSync(dataPath))
    .sort((a, b) => b.nRows - a.nRows)
    .map(({ id, title, description, nRows, nColumns, bytes }) => ({ id, title, description, nRows, nColumns, bytes }));
}

/** Throws AppError SAMPLE_NOT_FOUND. */
export function findSample(id: string): SampleProject {
  const isName = /^[\w-]+$/.test(id);
  if (isName && existsSync(join(samplesDir, id, 'sample.yaml'))) {
    const sample = readSample(id);
    if (existsSync(sample.dataPath)) return sample;
  }
  const names = listSamples().map((sample) => sample.id);
  throw new AppError({
    code: 'SAMPLE_NOT_FOUND',
    message: `There is no sample "${id.slice(0, 80)}".`,
    fix: { kind: 'chooseSample', label: `Choose one of: ${names.join(', ')}` },
  });
}

function readSample(id: string): SampleProject {
  const folder = join(samplesDir, id);
  const { file, ...sample } = SampleFile.parse(parse(readFileSync(join(folder, 'sample.yaml'), 'utf8')));
  const own = join(folder, file);
  const dataPath = existsSync(own) ? own : join(vegaDataDir(), file);
  const trainFiles = readdirSync(folder)
    .filter((name) => name.endsWith(trainFileSuffix))
    .map((name) => ({
      name: basename(name, trainFileSuffix),
      yaml: readFileSync(join(folder, name), 'utf8'),
    }));
  return { id, ...sample, bytes: existsSync(dataPath) ? statSync(dataPath).size : 0, dataPath, trainFiles };
}

let dataDir: string | undefined;

function vegaDataDir(): string {
  dataDir ??= join(findPackage('vega-datasets'), 'data');
  return dataDir;
}

/** Folder of an installed package, whatever it exports. */
function findPackage(name: string): string {
  const { resolve } = createRequire(import.meta.url);
  for (const folder of resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
  }
  return dirname(samplesDir);
}
