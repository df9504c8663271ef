import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compareOnnx } from '../../main/models/pipeline/compareOnnx.ts';
import type { FittedPipeline } from '../../main/models/pipeline/pipeline.ts';
import { estimatorSpecs } from '../../main/models/registry.ts';
import { answersOf, fitNasty, freshTable, nastyTable } from './nasty.ts';

const note = { types: { note: 'text' } } as const;

/** Every way to prepare raw columns. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  defaults: {},
  'impute mean': { impute: 'mean' },
  'impute mode': { impute: 'mode' },
  'impute constant': { impute: 'constant', imputeValue: -9.5 },
  'missing indicators': { missingIndicator: true },
  'scale minMax': { scale: 'minMax' },
  'scale robust': { scale: 'robust' },
  'scale none': { scale: 'none' },
  'scale power': { scale: 'power' },
  ordinal: { encode: 'ordinal' },
  'ordinal with rare levels': { encode: 'ordinal', minLevelCount: 5 },
  'target encoding': { encode: 'target' },
  'smoothed target encoding of rare levels': { encode: 'target', targetSmoothing: 10, minLevelCount: 40 },
  hashing: { encode: 'hashing', hashFeatures: 16 },
  'rare levels': { minLevelCount: 5 },
  'few levels': { maxLevels: 3 },
  'words of texts': { text: 'tfidf', textFeatures: 6, ...note },
  'hashed texts': { text: 'hashedNgrams', textFeatures: 16, ...note },
  'no parts of dates': { dates: false },
  interactions: { interactions: true },
  'constant columns kept': { dropConstant: false },
};

/** Estimators whose fits are too long for every option: those that answer differently from the others. */
const LONG = new Set(['neuralNetwork', 'svc', 'svr', 'gradientBoosting']);
const LONG_OPTIONS = new Set([
  'defaults',
  'missing indicators',
  'ordinal',
  'target encoding',
  'hashed texts',
  'interactions',
]);

interface Case {
  readonly type: string;
  readonly task: 'binary' | 'multiclass' | 'regression' | 'unsupervised';
  readonly option: string;
}

const cases: Case[] = (await estimatorSpecs()).flatMap(({ type, tasks }) =>
  Object.keys(OPTIONS).flatMap((option) => {
    if (LONG.has(type) && !LONG_OPTIONS.has(option)) return [];
    const own = option === 'defaults' ? tasks : tasks.slice(0, 1);
    // There is no target to encode by.
    return own
      .filter((task) => task !== 'unsupervised' || !option.includes('target'))
      .map((task) => ({ type, task, option }));
  }),
);

const folder = mkdtempSync(path.join(tmpdir(), 'pith-saved-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fitted = new Map<Case, FittedPipeline>();
for (const one of cases) fitted.set(one, await fitNasty(one.type, one.task, OPTIONS[one.option]!));

const fileOf = (one: Case) => path.join(folder, `${cases.indexOf(one)}.pipeline`);
for (const [one, pipeline] of fitted) writeFileSync(fileOf(one), pipeline.save());
execFileSync(process.execPath, [path.join(import.meta.dirname, 'savedChild.ts'), folder], { stdio: 'pipe' });

describe.each(cases)('$type, $task, $option', (one) => {
  const pipeline = fitted.get(one)!;

  test('read in another process it says the same, to the last bit', async () => {
    expect(readFileSync(`${fileOf(one)}.answers`).equals(await answersOf(pipeline, freshTable()))).toBe(true);
  });

  test('gives every row an answer', async () => {
    const bytes = await answersOf(pipeline, freshTable());
    const answers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every(Number.isFinite)).toBe(true);
  });

  test('exported it says the same up to float32', async () => {
    for (const table of [freshTable(), nastyTable(100, 1)]) {
      const found = await compareOnnx(pipeline, pipeline.toOnnx(), table);
      expect(found.sentence).toMatch(/says what the model says/);
      expect(found.nNearTies).toBeLessThanOrEqual(1);
    }
  });
});
