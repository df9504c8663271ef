import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const made: string[] = [];

/** What lint says about `source` written to `file`. */
function lint(file: string, source: string): string {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, source);
  made.push(full);
  try {
    return execFileSync(process.execPath, [path.join(root, 'node_modules/oxlint/bin/oxlint'), '--format=json', full], {
      cwd: root,
      encoding: 'utf8',
    });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

afterEach(() => {
  for (const file of made.splice(0)) rmSync(file, { force: true });
});

describe('import rules between folders', () => {
  test.each([
    { file: 'main/kernels/zzBad.ts', from: '../data/readTable.ts', allowed: 'nothing local' },
    { file: 'main/contract/zzBad.ts', from: '../store/projectStore.ts', allowed: 'nothing local' },
    { file: 'main/tensor/zzBad.ts', from: '../models/estimator.ts', allowed: 'kernels, contract' },
    { file: 'main/store/zzBad.ts', from: '../jobs/engine.ts', allowed: 'contract' },
    { file: 'main/data/zzBad.ts', from: '../models/estimator.ts', allowed: 'contract, kernels' },
    { file: 'main/models/linear/zzBad.ts', from: '../../coreset/tree.ts', allowed: 'tensor, kernels, data, contract' },
    {
      file: 'main/coreset/zzBad.ts',
      from: '../evaluate/losses.ts',
      allowed: 'models, tensor, kernels, data, contract',
    },
    { file: 'main/evaluate/zzBad.ts', from: '../tune/folds.ts', allowed: 'models, tensor, kernels, data, contract' },
    { file: 'main/tune/zzBad.ts', from: '../experiment/tuned.ts', allowed: 'models, tensor, kernels, data, contract' },
    { file: 'main/experiment/zzBad.ts', from: '../jobs/handlers.ts', allowed: 'tune, coreset, evaluate, models' },
    { file: 'main/jobs/zzBad.ts', from: '../hosts/firstProject.ts', allowed: 'experiment' },
    { file: 'main/hosts/web/zzBad.ts', from: '../../data/readTable.ts', allowed: 'jobs, store, contract' },
    { file: 'renderer/zzBad.ts', from: '../main/store/projectStore.ts', allowed: 'main/contract' },
    { file: 'electron/zzBad.ts', from: '../main/jobs/engine.ts', allowed: 'main/contract' },
  ])('$file may not import $from', ({ file, from, allowed }) => {
    const said = lint(file, `import * as x from '${from}';\nexport const y = x;\n`);
    expect(said).toContain('no-restricted-imports');
    expect(said).toContain(allowed);
  });

  test.each([
    { file: 'main/data/zzGood.ts', from: '../kernels/rng.ts' },
    { file: 'renderer/zzGood.ts', from: '../main/contract/jobs.ts' },
  ])('$file may import $from', ({ file, from }) => {
    expect(lint(file, `export * from '${from}';\n`)).toContain('"diagnostics": []');
  });

  test('Math.random is banned in the engine', () => {
    expect(lint('main/kernels/zzBad.ts', 'export const x = Math.random();\n')).toContain('no-restricted-properties');
  });
});
