import { describe, expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { AppError } from '../../../../main/contract/errors.ts';
import type { Column, Table } from '../../../../main/kernels/table.ts';
import { planColumns } from '../../../../main/models/preprocess/columnPlan.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';

const numbers = (name: string, f: (i: number) => number, n: number): Column => ({
  kind: 'number',
  name,
  values: Float64Array.from({ length: n }, (_, i) => f(i)),
});
const category = (name: string, f: (i: number) => number, n: number, nLevels: number, prefix = 'v'): Column => ({
  kind: 'category',
  name,
  codes: Int32Array.from({ length: n }, (_, i) => f(i)),
  levels: Array.from({ length: nLevels }, (_, i) => `${prefix}${i}`),
});

function fit(columns: Column[], config: object, options: { isNative?: boolean; memory?: number } = {}) {
  const parsed = PreprocessConfig.parse(config);
  const nRows = columns[0]!.kind === 'number' ? columns[0]!.values.length : columns[0]!.codes.length;
  const table: Table = { nRows, columns };
  const inputs = planColumns(
    columns.map(({ name, kind }) => ({ name, type: kind === 'number' ? ('number' as const) : ('text' as const) })),
    parsed,
    [],
  );
  const target = { info: { task: 'regression' } as const, y: new Float64Array(nRows) };
  const { isNative = false, memory = 1e9 } = options;
  return fitPreprocessor(table, inputs, parsed, { isNative, target, memory });
}

const refusal = (act: () => unknown): AppError => {
  try {
    act();
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    throw cause;
  }
  throw new Error('nothing was refused');
};

describe('what would be too large is refused before it is made', () => {
  const many = category('id', (i) => i >> 1, 140_000, 70_000);
  const asCategory = { types: { id: 'category' } };
  test.each([
    {
      name: '65,535 one-hot columns',
      act: () => fit([many], { ...asCategory, maxLevels: 70_000 }),
      code: 'TOO_MANY_CATEGORIES',
      says: /70,000 columns.*"id" \(70,000\).*65,535/,
      out: /target \(or hashing\)/,
    },
    {
      name: '65,535 codes',
      act: () => fit([many], asCategory, { isNative: true }),
      code: 'TOO_MANY_CATEGORIES',
      says: /"id" has more than 65,535/,
      out: /encode: target/,
    },
    {
      name: 'one-hot columns past memory',
      act: () => fit([many], { ...asCategory, maxLevels: 5000 }),
      code: 'FEATURES_TOO_LARGE',
      says: /140,000 training rows of 5,001 features need 2.6 GiB/,
      out: /encode: target \(or hashing\)/,
    },
    {
      name: 'products of 101 columns',
      act: () =>
        fit(
          Array.from({ length: 101 }, (_, j) => numbers(`x${j}`, (i) => (i * j + i + j) % 7, 20)),
          { interactions: true, dropConstant: false },
        ),
      code: 'TOO_MANY_INTERACTIONS',
      says: /101 number columns make 5,050 products.*5,000/,
      out: /interactions to false/,
    },
    {
      name: 'products past memory',
      act: () =>
        fit(
          Array.from({ length: 40 }, (_, j) => numbers(`x${j}`, (i) => i * j + i * i, 20)),
          { interactions: true },
          { memory: 1e5 },
        ),
      code: 'FEATURES_TOO_LARGE',
      says: /20 training rows of 820 features/,
      out: /interactions to false/,
    },
  ])('$name', ({ act, code, says, out }) => {
    const error = refusal(act);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(error.fix?.label).toMatch(out);
  });

  test.each(['target', 'hashing'])('and the way out works: %s', (encode) => {
    const { features } = fit([many], { ...asCategory, encode });
    expect(features.length).toBe(encode === 'target' ? 1 : 256);
  });
});

describe('duplicate and constant columns', () => {
  const x = numbers('x', (i) => (i % 3 === 0 ? NaN : i), 12);
  const town = category('town', (i) => (i % 5) - 1, 12, 4);
  // The same texts under other codes.
  const twin: Column = {
    kind: 'category',
    name: 'twin',
    codes: Int32Array.from({ length: 12 }, (_, i) => (i % 5 === 0 ? -1 : 4 - (i % 5))),
    levels: ['v3', 'v2', 'v1', 'v0'],
  };
  const columns: Column[] = [
    x,
    { ...x, name: 'again' },
    numbers('other', (i) => i, 12),
    town,
    twin,
    category('renamed', (i) => (i % 5) - 1, 12, 4, 'w'),
    numbers('constant', () => 3, 12),
  ];

  test('are left out by name, with the reason', () => {
    const { inputs, state } = fit(columns, {});
    expect(inputs.map(({ name }) => name)).toEqual(['x', 'other', 'town', 'renamed']);
    expect(state.warnings.join('\n')).toMatch(
      /"again" says the same as "x"[^]*"twin" says the same as "town"[^]*"constant" has one value/,
    );
  });

  test('stay when asked for', () => {
    expect(fit(columns, { dropConstant: false }).inputs).toHaveLength(7);
  });
});

describe('products', () => {
  const a = numbers('a', (i) => i, 30);
  const b = numbers('b', (i) => (i * 7) % 11, 30);
  const c = numbers('c', (i) => (i % 4 === 0 ? NaN : (i * i) % 13), 30);

  test('of every two number columns, each with its name, standardised', () => {
    const preprocessor = fit([a, category('t', (i) => i % 3, 30, 3), b, c], {
      interactions: true,
      missingIndicator: true,
    });
    const names = preprocessor.features.map(({ name }) => name);
    expect(names.filter((name) => name.includes('×'))).toEqual(['a × b', 'a × c', 'b × c']);
    const { data, nCols } = preprocessor.transform({
      nRows: 30,
      columns: [a, category('t', (i) => i % 3, 30, 3), b, c],
    });
    const column = (name: string) => Array.from({ length: 30 }, (_, i) => data[i * nCols + names.indexOf(name)]!);
    const raw = column('a').map((v, i) => v * column('b')[i]!);
    const mean = raw.reduce((s, v) => s + v, 0) / 30;
    const deviation = Math.sqrt(raw.reduce((s, v) => s + (v - mean) ** 2, 0) / 30);
    column('a × b').forEach((v, i) => expect(v).toBeCloseTo((raw[i]! - mean) / deviation, 5));
  });

  test('are plain and keep gaps for models that take them', () => {
    const table: Table = { nRows: 30, columns: [a, c] };
    const { data } = fit([a, c], { interactions: true }, { isNative: true }).transform(table);
    expect([...data.subarray(0, 6)]).toEqual([0, NaN, NaN, 1, 1, 1]);
    expect([...data.subarray(6, 9)]).toEqual([2, 4, 8]);
  });
});
