import path from 'node:path';
import type { In } from '../../../main/contract/channels.ts';
import { memorySource } from '../../../main/coreset/rows.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import type { CoresetTree } from '../../../main/coreset/tree/coresetTree.ts';
import { applyEdit } from '../../../main/coreset/tree/edits.ts';
import { said, score } from '../../../main/evaluate/scorer.ts';
import { Engine } from '../../../main/jobs/engine.ts';
import { takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../main/models/estimator.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { median, row, timingOf, type Bench, type BenchContext, type BenchRow } from '../harness.ts';
import { bigTable } from '../helpers/bigTable.ts';
import { loadCoresetData } from '../helpers/coresetData.ts';

const SETS = ['adult', 'bank_marketing', 'credit_default', 'electricity', 'covertype2'];
const [N_EDITS, N_CALLS, M] = [1000, 200, 2000];

export const coresetEdits: Bench = {
  name: 'coreset-edits',
  description:
    '1,000 label edits of a coreset: metrics beside all rows as edited; and the time of an edit on 1,000,000 × 20',
  async run(context) {
    const rows = await timeEdits(context);
    if (context.dataDir !== null) rows.push(...(await faithfulness(context, context.dataDir)));
    return rows;
  },
};

/** Metrics on held-out rows of the model on the edited coreset, against the model on all rows as edited. */
async function faithfulness({ nRuns, threads, log, only }: BenchContext, dataDir: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const name of SETS.filter((set) => set.includes(only ?? ''))) {
    const { X, y, target } = await loadCoresetData(dataDir, name);
    for (const kind of ['random flips', 'flips corrected'] as const) {
      const gaps = {
        rocAuc: [] as number[],
        logLoss: [] as number[],
        stale: [] as number[],
        stratified: [] as number[],
      };
      for (let seed = 1; seed <= Math.max(3, nRuns); seed++) {
        const order = permutation(y.length, createRng(seed).fork('split'));
        const held = order.subarray(0, Math.floor(y.length / 5));
        const kept = order.subarray(held.length);
        const train = { X: takeRows(X, kept), y: takeValues(y, kept) };
        const test = { X: takeRows(X, held), y: takeValues(y, held) };
        const ids = permutation(train.y.length, createRng(seed).fork('edits')).subarray(0, N_EDITS);
        const flipped = train.y.slice();
        for (const i of ids) flipped[i] = 1 - flipped[i]!;
        // Flips: the tree is built on the true labels; corrections: on the flipped ones.
        const [from, to] = kind === 'random flips' ? [train.y, flipped] : [flipped, train.y];
        const tree = await buildTree(
          memorySource({ X: train.X, y: from }, target),
          { service: 'logistic', size: M, seed, threads },
          quietTask,
        );
        const scoreOf = async (data: Matrix, labels: Float64Array, weight?: Float64Array) =>
          scores(await fit(data, labels, weight, target, threads), test);
        const onTree = () => {
          const drawn = tree.coreset(0);
          return scoreOf(drawn.X, drawn.y, drawn.weight);
        };
        const stale = await onTree();
        const lookup = (rowIds: Uint32Array) => ({ X: takeRows(train.X, rowIds), y: takeValues(from, rowIds), rowIds });
        await editInTurns(tree, ids, to, lookup);
        const [edited, all] = [await onTree(), await scoreOf(train.X, to)];
        gaps.rocAuc.push(edited.rocAuc! - all.rocAuc!);
        gaps.logLoss.push(edited.logLoss! - all.logLoss!);
        gaps.stale.push(stale.rocAuc! - all.rocAuc!);
        const plain = permutation(train.y.length, createRng(seed).fork('uniform')).subarray(0, M);
        const uniform = await scoreOf(
          takeRows(train.X, plain),
          takeValues(to, plain),
          new Float64Array(M).fill(train.y.length / M),
        );
        gaps.stratified.push(uniform.rocAuc! - all.rocAuc!);
      }
      const worst = (values: number[]) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      rows.push(
        row(
          `${name}: ${kind}`,
          '|ΔAUC| to all rows',
          timingOf(gaps.rocAuc.map(Math.abs)),
          {
            name: 'uniform sample',
            median: median(gaps.stratified.map(Math.abs)),
          },
          {
            worstAuc: worst(gaps.rocAuc),
            medianLogLoss: median(gaps.logLoss.map(Math.abs)),
            worstLogLoss: worst(gaps.logLoss),
            withoutEdits: median(gaps.stale.map(Math.abs)),
            nEdits: N_EDITS,
          },
        ),
      );
      log(
        `${name}, ${kind}: AUC ${worst(gaps.rocAuc).toFixed(5)}, log loss ${worst(gaps.logLoss).toFixed(5)} at worst`,
      );
    }
  }
  return rows;
}

/** Fifty at a time, as a session of corrections leaves them. */
async function editInTurns(
  tree: CoresetTree,
  ids: Uint32Array,
  to: Float64Array,
  lookup: Parameters<typeof applyEdit>[3],
) {
  for (let from = 0; from < ids.length; from += 50) {
    const changes = [...ids.subarray(from, from + 50)].map((rowId) => ({ rowId, y: to[rowId]! }));
    await applyEdit(tree, 'updateTargets', changes, lookup);
  }
}

async function fit(
  X: Matrix,
  y: Float64Array,
  sampleWeight: Float64Array | undefined,
  target: TargetInfo,
  threads: number,
) {
  const { make } = await estimatorEntry('logisticRegression');
  return make({ C: 1, tol: 1e-8, maxIter: 500 }).fit(X, y, target, {
    rng: createRng(0),
    task: quietTask,
    threads,
    ...(sampleWeight && { sampleWeight }),
  });
}

async function scores(model: Awaited<ReturnType<typeof fit>>, { X, y }: { X: Matrix; y: Float64Array }) {
  return score(await said(model, X), y);
}

/** Through the engine, as the window and the command line do it: answered means on disk, calibrated and refitted. */
async function timeEdits({ nRuns, tempDir, threads, log }: BenchContext): Promise<BenchRow[]> {
  const [nRows, d] = [1_000_000, 20];
  const engine = new Engine({ home: path.join(tempDir, 'edits-home'), access: { isTrusting: true }, spare: 'none' });
  try {
    const file = await bigTable(tempDir, nRows, d);
    const { id: projectId } = await engine.ask('project.create', { name: 'bench', path: path.join(tempDir, 'edits') });
    await finished(engine, projectId, 'data.import', { file: { kind: 'path', path: file }, options: {} });
    const versionId = (await engine.ask('data.list', { projectId }))[0]!.versions[0]!.id;
    await finished(engine, projectId, 'coreset.build', { versionId, target: 'y', size: M, seed: 1 });
    const of = { projectId, coresetId: (await engine.ask('coreset.list', { projectId }))[0]!.id };
    await engine.ask('coreset.info', of);
    const order = permutation(nRows, createRng(3));
    const { rowIds: keptIds } = await engine.ask('coreset.get', { ...of, limit: 1000 });
    const labels = ['no', 'yes'];
    const one = async (rowId: number, i: number) => {
      const from = performance.now();
      await engine.ask('coreset.update', { ...of, targets: { [rowId]: labels[i % 2]! } });
      return performance.now() - from;
    };
    for (let i = 0; i < 3; i++) await one(order[i]!, i);
    const any: number[] = [];
    const kept: number[] = [];
    for (let i = 0; i < 20 * nRuns; i++) any.push(await one(order[10 + i]!, i));
    for (let i = 0; i < 20 * nRuns; i++)
      kept.push(await one(keptIds[i % keptIds.length]!, i + Math.floor(i / keptIds.length)));
    const batches: number[] = [];
    for (let r = 0; r < Math.min(3, nRuns); r++) {
      const ids = order.subarray(10_000 + r * N_EDITS, 10_000 + (r + 1) * N_EDITS);
      const from = performance.now();
      await engine.ask('coreset.update', {
        ...of,
        targets: Object.fromEntries([...ids].map((id, i) => [id, labels[i % 2]!])),
      });
      batches.push(performance.now() - from);
    }
    const single = performance.now();
    for (let i = 0; i < N_CALLS; i++) await one(order[50_000 + i]!, i);
    const inTurn = performance.now() - single;
    const undone: number[] = [];
    for (let i = 0; i < 20; i++) {
      const from = performance.now();
      await engine.ask('coreset.undo', of);
      undone.push(performance.now() - from);
    }
    log(
      `an edit ${median(any).toFixed(1)} ms; ${N_EDITS} at once ${median(batches).toFixed(0)} ms, ${N_CALLS} one by one ${inTurn.toFixed(0)} ms`,
    );
    const refitMs = await fullRefit(threads, nRows, d);
    const peer = { name: 'all rows fitted again', median: refitMs };
    return [
      row('one label edit, any row', 'ms', timingOf(any), peer, { nRows, nFeatures: d, p95: quantile(any, 0.95) }),
      row('one label edit, a row of the coreset', 'ms', timingOf(kept), peer, { p95: quantile(kept, 0.95) }),
      row(`${N_EDITS} label edits in one call`, 'ms', timingOf(batches), { ...peer, median: refitMs }),
      row(`${N_CALLS} label edits, one call each`, 'ms', timingOf([inTurn]), { ...peer, median: refitMs * N_CALLS }),
      row('undo', 'ms', timingOf(undone), null),
    ];
  } finally {
    await engine.close();
  }
}

/** Milliseconds of a fit on rows of the same shape, in memory. */
async function fullRefit(threads: number, nRows: number, d: number): Promise<number> {
  const rng = createRng(1);
  const data = Float32Array.from({ length: nRows * d }, () => rng.normal());
  const y = Float64Array.from({ length: nRows }, (_, i) =>
    data[i * d]! + data[i * d + 1]! + rng.normal() > 1 ? 1 : 0,
  );
  const target: TargetInfo = { task: 'binary', nClasses: 2 };
  const times: number[] = [];
  for (let r = 0; r < 3; r++) {
    const from = performance.now();
    // The estimator's own tolerance: single precision cannot be fitted to the last bit.
    const { make } = await estimatorEntry('logisticRegression');
    await make({ C: 1 }).fit({ data, nRows, nCols: d }, y, target, { rng: createRng(0), task: quietTask, threads });
    times.push(performance.now() - from);
  }
  return median(times);
}

async function finished<C extends 'data.import' | 'coreset.build'>(
  engine: Engine,
  projectId: string,
  channel: C,
  more: object,
): Promise<void> {
  const { jobId } = await engine.ask(channel, { projectId, ...more } as In<C>);
  await new Promise<void>((resolve, reject) => {
    const stop = engine.onEvent((event) => {
      if (event.type !== 'job' || event.job.id !== jobId) return;
      const { state } = event.job;
      if (state.status === 'queued' || state.status === 'running') return;
      stop();
      if (state.status === 'done') resolve();
      else reject(new Error(`${channel}: ${JSON.stringify(state)}`));
    });
  });
}

const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;
