import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Chunk, RowSource } from '../../../main/coreset/rows.ts';
import { readTableRows } from '../../../main/coreset/version/lookup.ts';
import { planVersion, type PlanRequest } from '../../../main/coreset/version/plan.ts';
import {
  requestsOf,
  streamChunks,
  streamedSource,
  toChunk,
  versionSource,
} from '../../../main/coreset/version/source.ts';
import { Preprocessor } from '../../../main/models/preprocess/preprocessor.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { build, fingerprint } from './data.ts';

const N_ROWS = 6000;

/** A Parquet file with a column of each kind, with gaps, NaN and infinities, and rows without a target. */
async function mixedFile(): Promise<string> {
  const file = join(tempDir(), 'mixed.parquet');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run('SELECT setseed(0.25)');
    await connection.run(
      `COPY (
         SELECT CASE i % 11 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN 'inf'::DOUBLE WHEN 3 THEN '-inf'::DOUBLE
                  ELSE u END AS holes,
           10 * u AS plain, CAST(100 * v AS INTEGER) AS whole, CAST(5 * v AS FLOAT) AS single, CAST(9 * u AS DECIMAL(9, 2)) AS fixed,
           CASE WHEN i % 13 = 0 THEN NULL ELSE v < 0.3 END AS flag,
           CASE WHEN i % 7 = 0 THEN NULL WHEN i % 7 = 1 THEN '' ELSE 'l' || CAST(floor(30 * u) AS INTEGER) END AS text,
           CASE WHEN i % 17 = 0 THEN NULL ELSE DATE '2020-01-01' + CAST(floor(900 * v) AS INTEGER) END AS day,
           TIMESTAMP '2021-01-01' + to_seconds(floor(40000 * u)) AS moment,
           CASE WHEN i % 19 = 0 THEN NULL WHEN u + v + w > 1.4 THEN 'yes' ELSE 'no' END AS class,
           CASE WHEN i % 23 = 0 THEN NULL WHEN i % 23 = 1 THEN 'inf'::DOUBLE ELSE u - v + w END AS amount
         FROM (SELECT i, random() AS u, random() AS v, random() AS w FROM range(${N_ROWS}) t(i)) ORDER BY i
       ) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return file;
}

async function collect(chunks: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const out: Chunk[] = [];
  // Copies, because a chunk may overwrite the features of the one before.
  for await (const chunk of chunks) out.push({ ...chunk, X: { ...chunk.X, data: chunk.X.data.slice() } });
  return out;
}

const flat = (chunks: readonly Chunk[]) => ({
  X: chunks.flatMap(({ X }) => [...X.data]),
  y: chunks.flatMap(({ y }) => [...y]),
  rowIds: chunks.flatMap(({ rowIds }) => [...rowIds]),
  time: chunks.flatMap(({ time }) => (time ? [...time] : [])),
});

/** Where two lists of numbers differ first; `toEqual` takes seconds on this many. */
const difference = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? a.findIndex((v, i) => !Object.is(v, b[i])) : Math.min(a.length, b.length);

const requests: [string, PlanRequest][] = [
  ['classes', { service: 'logistic', target: 'class', drop: ['amount'] }],
  ['classes by time', { service: 'logistic', target: 'class', drop: ['amount'], timeColumn: 'moment' }],
  ['amounts', { service: 'linear', target: 'amount', drop: ['class'] }],
  ['rows with gaps', { service: 'tree', target: 'class', drop: ['amount'] }],
  ['no target', { service: 'kmeans', drop: ['class', 'amount'] }],
];

async function opened(request: PlanRequest) {
  const file = await mixedFile();
  const plan = await planVersion(file, request);
  return { file, plan, all: flat(await collect(streamedSource(file, plan).chunks())) };
}

describe.each(requests)('a version as a stream of %s', (_name, request) => {
  test('has the values that DuckDB gives row by row', async () => {
    const { file, plan, all } = await opened(request);
    const { table, rowIds } = await readTableRows(
      file,
      requestsOf(plan),
      Array.from({ length: N_ROWS }, (_, i) => i),
    );
    const whole = toChunk(table, rowIds, plan, new Preprocessor(plan.preprocessor));
    const order = [...whole.rowIds.keys()];
    if (whole.time) order.sort((a, b) => whole.time![a]! - whole.time![b]! || a - b);
    expect(all.rowIds).toEqual(order.map((i) => whole.rowIds[i]!));
    expect(all.y).toEqual(order.map((i) => whole.y[i]!));
    expect(all.time).toEqual(whole.time ? order.map((i) => whole.time![i]!) : []);
    const d = whole.X.nCols;
    expect(
      difference(
        all.X,
        order.flatMap((i) => [...whole.X.data.subarray(i * d, i * d + d)]),
      ),
    ).toBe(-1);
  });

  test('is the same in chunks of any size, each as large as asked for', async () => {
    const { file, plan, all } = await opened(request);
    for (const size of [1, 500, 2048, 3001, 20_000].filter((n) => n > 1 || request.service === 'linear')) {
      const chunks = await collect(streamedSource(file, plan).chunks(size));
      const { X, ...rest } = flat(chunks);
      expect(difference(X, all.X)).toBe(-1);
      expect(rest).toEqual({ y: all.y, rowIds: all.rowIds, time: all.time });
      expect(chunks.slice(0, -1).every(({ y }) => y.length === size)).toBe(true);
    }
  });

  test('is the same without features, and features are found by id', async () => {
    const { file, plan, all } = await opened(request);
    const { keys, features } = streamedSource(file, plan).byId!;
    const ids: number[] = [];
    const y: number[] = [];
    for await (const chunk of keys()) {
      ids.push(...chunk.rowIds);
      y.push(...chunk.y);
    }
    expect(ids).toEqual(all.rowIds);
    expect(y).toEqual(all.y);
    const places = Array.from({ length: 300 }, (_, k) => (k * 7919) % ids.length);
    const X = await features(Uint32Array.from(places, (at) => ids[at]!));
    const d = X.nCols;
    expect([...X.data]).toEqual(places.flatMap((at) => all.X.slice(at * d, at * d + d)));
  });

  test('makes the same tree whether it is read in every pass or kept, with any number of threads', async () => {
    const { file, plan } = await opened(request);
    const options = { service: plan.service, size: 200, chunkSize: 1000 };
    const kept = fingerprint(await build(versionSource(file, plan), options));
    expect(fingerprint(await build(streamedSource(file, plan), { ...options, threads: 3 }))).toEqual(kept);
    const chunked: RowSource = { ...streamedSource(file, plan), byId: undefined };
    expect(fingerprint(await build(chunked, { ...options, threads: 2 }))).toEqual(kept);
  });
});

test('a stretch of a file, by row ids', async () => {
  const file = await mixedFile();
  const plan = await planVersion(file, { service: 'logistic', target: 'class', drop: ['amount'] });
  const all = flat(await collect(streamChunks(file, 100, plan)));
  const part = flat(await collect(streamChunks(file, 100, plan, { firstRowId: 2000, lastRowId: 4500 })));
  const at = all.rowIds.findIndex((id) => id >= 2000);
  expect(part.rowIds).toEqual(all.rowIds.filter((id) => id >= 2000 && id <= 4500));
  expect(part.y).toEqual(all.y.slice(at, at + part.y.length));
  expect(part.X).toEqual(all.X.slice((at * all.X.length) / all.y.length).slice(0, part.X.length));
});

test('a stream that is left early lets go of its file', async () => {
  const file = await mixedFile();
  const plan = await planVersion(file, { service: 'kmeans', drop: ['class', 'amount'] });
  for (let k = 0; k < 20; k++) {
    for await (const chunk of streamedSource(file, plan).chunks(100)) {
      expect(chunk.y.length).toBe(100);
      break;
    }
  }
});
