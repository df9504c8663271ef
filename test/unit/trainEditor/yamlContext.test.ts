import { describe, expect, test } from 'vitest';
import { yamlContext } from '../../../renderer/pages/train/editor/yamlContext.ts';

/** `|` marks the cursor. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const { path, isKey, prefix } = yamlContext(marked.replace('|', ''), offset);
  return `${path.join('.')} ${isKey ? 'key' : 'value'} "${prefix}"`;
}

describe('yamlContext', () => {
  test.each([
    ['|', ' key ""'],
    ['da|', ' key "da"'],
    ['data:\n  tar|', 'data key "tar"'],
    ['data:\n  target: inc|', 'data.target value "inc"'],
    ['data:\n  target: income\nsplit:\n  |', 'split key ""'],
    ['data:\n  target: income\n|', ' key ""'],
    ['data:\n  drop:\n    - fn|', 'data.drop.* value "fn"'],
    ['data:\n  drop:\n  - a\n  - b|', 'data.drop.* value "b"'],
    ['data:\n  drop:\n  - a\n  tar|', 'data key "tar"'],
    ['data: {tar|', 'data key "tar"'],
    ['data: {path: a.csv, target: inc|', 'data.target value "inc"'],
    ['data: {path: a.csv, drop: [x, fn|', 'data.drop.* value "fn"'],
    ['data: {path: a.csv, drop: [x, y], ta|', 'data key "ta"'],
    ['data: {path: "a: b.csv", ta|', 'data key "ta"'],
    ['data: {path: a.csv,\n  tar|', 'data key "tar"'],
    ['tune: {space: {C: [0.01], |', 'tune.space key ""'],
    ['tune:\n  space: {C: [0.01, |', 'tune.space.C.* value ""'],
    ['model:\n  params:\n    C: 1 # strength\n    p|', 'model.params key "p"'],
    ['# data:\nsp|', ' key "sp"'],
    ['data:\n\n  target: x\n\n  |', 'data key ""'],
    ['data: {target: x}\nmo|', ' key "mo"'],
    ['model:\n  type:|', 'model.type value ""'],
  ])('%j', (marked, want) => {
    expect(at(marked)).toBe(want);
  });
});
