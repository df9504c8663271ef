/**
 * `npx pith bench NAME|all|list [--json] [--runs N] [--threads N] [--only TEXT]`
 * Times our work beside a peer in one run. Peers are Python scripts under ./peers; without them `peer` is null.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, runPeer, type Bench, type BenchContext, type BenchRow } from './harness.ts';

const casesDir = path.join(import.meta.dirname, 'cases');

async function loadBenches(): Promise<Bench[]> {
  const benches: Bench[] = [];
  for (const file of readdirSync(casesDir).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(path.join(casesDir, file))) as Record<string, unknown>;
    for (const value of Object.values(module)) if (isBench(value)) benches.push(value);
  }
  return benches.toSorted((a, b) => a.name.localeCompare(b.name));
}

function isBench(value: unknown): value is Bench {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'run' in value && typeof value.run === 'function'
  );
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const version = (name: string) => (require(`${name}/package.json`) as { version: string }).version;
  return {
    node: process.versions.node,
    pith: version('../..'),
    'onnxruntime-node': version('onnxruntime-node'),
    '@duckdb/node-api': version('@duckdb/node-api'),
  };
}

function printTable(name: string, rows: readonly BenchRow[]): void {
  console.log(`\n${name}`);
  for (const r of rows) {
    const ratio = r.ratio === null ? '     –' : r.ratio.toFixed(3).padStart(6);
    const peer = r.peer === null ? 'peer not installed' : `${r.peerName} ${format(r.peer)}`;
    const { case: label, unit, ours, peer: _p, peerName: _n, ratio: _r, spread, ...extra } = r;
    const more = Object.entries(extra)
      .map(([key, value]) => `${key} ${typeof value === 'number' ? format(value) : String(value)}`)
      .join(', ');
    const range = spread ? ` (${format(spread[0])}–${format(spread[1])})` : '';
    console.log(`  ${ratio}  ${label}: ${format(ours)} ${unit}${range}; ${peer}${more ? `; ${more}` : ''}`);
  }
}

const format = (x: number): string =>
  x !== 0 && Math.abs(x) < 0.001 ? x.toExponential(2) : String(Number(x.toPrecision(4)));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      runs: { type: 'string' },
      threads: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const benches = await loadBenches();
  const wanted = positionals[0] ?? 'list';
  if (wanted === 'list') {
    if (values.json) console.log(JSON.stringify(benches.map(({ name, description }) => ({ name, description }))));
    else for (const bench of benches) console.log(`${bench.name.padEnd(18)} ${bench.description}`);
    return 0;
  }
  const chosen = wanted === 'all' ? benches : benches.filter((bench) => bench.name === wanted);
  if (chosen.length === 0) {
    console.error(`There is no bench "${wanted}". There are: ${benches.map((b) => b.name).join(', ')}.`);
    return 2;
  }
  const threads = Number(values.threads ?? Math.min(2, os.availableParallelism()));
  const log = (line: string) => console.error(line);
  const tempDir = mkdtempSync(path.join(os.tmpdir(), 'pith-bench-'));
  const context: BenchContext = {
    nRuns: Number(values.runs ?? 5),
    threads,
    only: values.only ?? null,
    dataDir: process.env['PITH_BENCH_DATA'] ?? null,
    tempDir,
    peer: (script, args = []) => runPeer(script, args, { threads, log }),
    log,
  };
  try {
    const answers = [];
    for (const bench of chosen) {
      log(`bench ${bench.name} …`);
      const rows = await bench.run(context);
      answers.push({ bench: bench.name, machine: describeMachine(threads), versions: versions(), rows });
      if (!values.json) printTable(bench.name, rows);
    }
    if (values.json) console.log(JSON.stringify(wanted === 'all' ? answers : answers[0], null, 1));
    return 0;
  } finally {
    rmSync(tempDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
