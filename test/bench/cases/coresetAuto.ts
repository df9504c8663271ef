import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CoresetChoice } from '../../../main/contract/run.ts';
import { median, row, timingOf, type Bench, type BenchContext, type BenchRow } from '../harness.ts';
import { indexedSets } from '../helpers/indexedSets.ts';

const pith = path.resolve(import.meta.dirname, '../../../main/hosts/cli/pith.mjs');

/** What `coreset` says in each of the three runs. */
const WAYS = { auto: 'auto', always: '{size: 2000}', never: 'false' } as const;
type Way = keyof typeof WAYS;

/** Runs of more CPU seconds than this are made once: what they vary by is small beside them. */
const LONG_S = 8;
/** Rows × classes of a boosting, so that one search is a matter of a minute. */
const MAX_BOOSTED = 160_000;
const KERNEL_ROWS: readonly [number, number] = [2600, 6600];
const NETWORKS = ['telco_churn', 'satimage', 'magic_telescope', 'abalone', 'california_housing'];

type Set = ReturnType<typeof indexedSets>[number];

interface Searched {
  readonly name: string;
  readonly model: string;
  readonly space: string;
  /** True for sets it is searched on. */
  on(set: Set): boolean;
}

const isRegression = ({ task }: Set) => task === 'regression';

/** Four configurations each. */
const MODELS: readonly Searched[] = [
  {
    name: 'logistic',
    model: '{type: logisticRegression}',
    space: '{C: [0.01, 0.1, 1, 10]}',
    on: (set) => !isRegression(set),
  },
  { name: 'ridge', model: '{type: ridge}', space: '{alpha: [0.1, 1, 10, 100]}', on: isRegression },
  {
    name: 'boosting',
    model: '{type: gradientBoosting, params: {maxIter: 60}}',
    space: '{learningRate: [0.05, 0.1], maxLeafNodes: [15, 31]}',
    on: ({ rows, classes = {} }) =>
      rows * (Object.keys(classes).length <= 2 ? 1 : Object.keys(classes).length) <= MAX_BOOSTED,
  },
  {
    name: 'svc',
    model: '{type: svc}',
    space: '{C: [0.3, 3], gamma: [scale, 0.05]}',
    on: (set) => !isRegression(set) && set.rows >= KERNEL_ROWS[0] && set.rows <= KERNEL_ROWS[1],
  },
  {
    name: 'network',
    model: '{type: neuralNetwork, params: {layers: [32], epochs: 20}}',
    space: '{learningRate: [0.001, 0.01], l2: [0, 0.001]}',
    on: ({ name }) => NETWORKS.includes(name),
  },
];

interface Run {
  readonly cpu: number;
  readonly wall: number;
  readonly choice: CoresetChoice | null;
}

export const coresetAuto: Bench = {
  name: 'coreset-auto',
  description:
    'npx pith run with coreset auto, always and never on the sets of the index: CPU of auto beside the cheaper of the two',
  async run(context) {
    const { dataDir, only, log } = context;
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const cases = indexedSets(dataDir).flatMap((set) =>
      MODELS.filter((searched) => searched.on(set)).map((searched) => ({
        set,
        searched,
        label: `${set.name}, ${searched.name}`,
      })),
    );
    const rows: BenchRow[] = [];
    for (const { set, searched, label } of cases.filter(({ label: of }) => of.includes(only ?? ''))) {
      const found = compare(context, dataDir, set, searched, label);
      if (typeof found === 'string') log(`${label} could not be run: ${found}`);
      else rows.push(found);
    }
    const [worst] = rows.toSorted((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0));
    return worst ? [...rows, { ...worst, case: `worst of ${rows.length}: ${worst.case}` }] : rows;
  },
};

/** The three runs in turn, so that what else the machine does falls on all of them; a message where one fails. */
function compare(
  { nRuns, threads, tempDir, log }: BenchContext,
  dataDir: string,
  set: Set,
  searched: Searched,
  label: string,
): BenchRow | string {
  const runs: Record<Way, Run[]> = { auto: [], always: [], never: [] };
  for (let i = 0; i < Math.min(3, nRuns); i++) {
    for (const way of ['auto', 'always', 'never'] as const) {
      const done = runOnce(configOf(dataDir, set, searched, WAYS[way], threads), tempDir);
      if (typeof done === 'string') return done;
      runs[way].push(done);
    }
    if (Object.values(runs).some(([first]) => first!.cpu > LONG_S)) break;
  }
  const cpu = (way: Way) => median(runs[way].map((run) => run.cpu));
  const wall = (way: Way) => median(runs[way].map((run) => run.wall));
  const cheaper = cpu('always') < cpu('never') ? 'always' : 'never';
  const choice = runs.auto[0]!.choice!;
  const chosen = choice.uses === 'coreset' ? 'always' : 'never';
  const cheaperWall = Math.min(wall('always'), wall('never'));
  log(
    `${label}: auto ${cpu('auto').toFixed(2)} s, always ${cpu('always').toFixed(2)} s, never ${cpu('never').toFixed(2)} s; ${choice.note}`,
  );
  return row(
    label,
    's CPU',
    timingOf(runs.auto.map((run) => run.cpu)),
    { name: cheaper, median: cpu(cheaper) },
    {
      always: cpu('always'),
      never: cpu('never'),
      chose: chosen,
      // Free of the noise between two runs of the same thing.
      chosenToCheaper: cpu(chosen) / cpu(cheaper),
      wall: wall('auto'),
      wallToCheaper: wall('auto') / cheaperWall,
      ...(choice.cost && { estimatedAlways: choice.cost.coreset, estimatedNever: choice.cost.allRows }),
    },
  );
}

function configOf(dataDir: string, set: Set, { model, space }: Searched, coreset: string, threads: number): string {
  const words = set.read?.na_values?.map(String);
  const data = {
    path: path.join(dataDir, set.file),
    target: set.target,
    task: set.task,
    ...(set.drop && set.drop.length > 0 && { drop: set.drop }),
    ...(words && { read: { nullWords: ['', ...words] } }),
  };
  return `data: ${JSON.stringify(data)}
coreset: ${coreset}
model: ${model}
tune: {method: grid, space: ${space}, folds: 5}
compute: {threads: ${threads}}
`;
}

/** One run in a process and a project of its own; its error where it fails. */
function runOnce(yaml: string, tempDir: string): Run | string {
  const folder = mkdtempSync(path.join(tempDir, 'auto-'));
  const config = path.join(folder, 'run.pith.yaml');
  writeFileSync(config, yaml);
  // GNU time counts the job's process too, which the command waits for.
  const ended = spawnSync('/usr/bin/time', ['-f', 'took %U %S %e', process.execPath, pith, 'run', config, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true, force: true });
  if (ended.status !== 0) return ended.stderr.trim().split('\n').slice(0, 3).join(' ');
  const [, user, system, wall] = /took ([\d.]+) ([\d.]+) ([\d.]+)/.exec(ended.stderr)!;
  const { coresetChoice } = JSON.parse(ended.stdout) as { coresetChoice: CoresetChoice | null };
  return { cpu: Number(user) + Number(system), wall: Number(wall), choice: coresetChoice };
}
