import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { RunConfig, type EstimatorSpec } from '../../../main/contract/config.ts';
import { completionsAt, quote, type EditorKnowledge } from '../../../renderer/pages/train/editor/completions.ts';
import { explainPath, pathAt } from '../../../renderer/pages/train/editor/hover.ts';
import type { SchemaNode } from '../../../renderer/pages/train/editor/schemaWalk.ts';

const logistic: EstimatorSpec = {
  type: 'logisticRegression',
  title: 'Logistic regression',
  family: 'linear',
  tasks: ['binary'],
  description: 'A linear model of the log-odds.',
  params: [
    { name: 'C', kind: 'number', label: 'C', help: 'Inverse strength', default: 1, min: 0, isExclusiveMin: true },
    { name: 'penalty', kind: 'choice', label: 'Penalty', help: 'Norm', default: 'l2', choices: ['l1', 'l2'] },
  ],
  coresetService: 'logistic',
  suggestedSpace: {},
};

const knowledge: EditorKnowledge = {
  schema: z.toJSONSchema(RunConfig, { io: 'input' }) as SchemaNode,
  estimators: [logistic],
  columns: [
    { name: 'income', type: 'text' },
    { name: 'hours per week', type: 'number' },
    { name: '2024', type: 'number' },
  ],
  datasets: ['adult'],
  metrics: ['rocAuc'],
};

function labels(marked: string): string[] {
  const offset = marked.indexOf('|');
  return completionsAt(marked.replace('|', ''), offset, knowledge).items.map((i) => i.label);
}

describe('completionsAt', () => {
  test('top level offers the sections that are not there yet', () => {
    const found = labels('data: {target: income}\n|');
    expect(found).toContain('model');
    expect(found).toContain('coreset');
    expect(found).not.toContain('data');
  });

  test.each([
    ['split:\n  |', ['validation', 'stratify', 'seed', 'group', 'time']],
    ['preprocess:\n  impute: |', ['mean', 'median', 'mode', 'constant']],
    ['split: {stratify: |', ['true', 'false']],
    ['data:\n  target: |', ['income', 'hours per week', '2024']],
    ['data: {drop: [|', ['income']],
    ['model: {type: |', ['logisticRegression']],
    ['model:\n  type: logisticRegression\n  params:\n    |', ['C', 'penalty']],
    ['model: {type: logisticRegression, params: {penalty: |', ['l1', 'l2']],
    ['model: {type: logisticRegression}\ntune:\n  space:\n    |', ['C', 'penalty']],
    ['coreset:\n  service: |', ['auto', 'logistic', 'tree']],
    ['coreset: |', ['auto', 'false']],
    ['tune:\n  method: |', ['grid', 'random', 'bayesian']],
  ])('%j', (marked, want) => {
    expect(labels(marked)).toEqual(expect.arrayContaining(want));
  });

  test('nothing inside a comment', () => {
    expect(labels('# da|')).toEqual([]);
  });

  test('a mapping opens on the next line, indented', () => {
    const item = completionsAt('da', 2, knowledge).items.find((i) => i.label === 'data');
    expect(item?.insertText).toBe('data:\n  ');
  });
});

test.each(['income', 'hours per week', '2024', 'a: b', '- x', "it's", '', 'no', ' x '])(
  'quote(%j) reads back',
  (text) => {
    expect(parse(`k: ${quote(text)}`)).toEqual({ k: text });
  },
);

describe('hover', () => {
  const text = 'data:\n  target: income\nmodel: {type: logisticRegression, params: {C: 2}}\n';

  test.each([
    { name: 'a key', find: 'target', want: ['data', 'target'] },
    { name: 'a value', find: 'income', want: ['data', 'target'] },
    { name: 'in flow', find: 'C:', want: ['model', 'params', 'C'] },
  ])('pathAt $name', ({ find, want }) => {
    expect(pathAt(text, text.indexOf(find) + 1)?.path).toEqual(want);
  });

  test('says what a parameter is', () => {
    expect(explainPath(['model', 'params', 'C'], text, knowledge)?.join(' ')).toContain('Inverse strength');
    expect(explainPath(['split', 'validation'], text, knowledge)?.join(' ')).toContain('held out');
    expect(explainPath(['nowhere'], text, knowledge)).toBeNull();
  });
});
