import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** One line of a bench's table. `ours` and `peer` are medians in `unit`; `ratio` = ours / peer, lower is better. */
export interface BenchRow {
  readonly case: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  readonly ratio: number | null;
  /** Smallest and largest of our repetitions. */
  readonly spread?: readonly [number, number];
  /** What else belongs to the number: loss reached, score, rows per second … */
  readonly [extra: string]: unknown;
}

export interface Bench {
  readonly name: string;
  readonly description: string;
  run(context: BenchContext): Promise<BenchRow[]>;
}

export interface BenchContext {
  /** Counted repetitions after one warm-up. */
  readonly nRuns: number;
  /** Threads both sides may use. */
  readonly threads: number;
  /** Only cases whose name contains this, for benches of many cases; null for all of them. */
  readonly only: string | null;
  /** Folder of real data sets (PITH_BENCH_DATA); null when there is none. */
  readonly dataDir: string | null;
  /** Folder for files a bench makes; removed afterwards. */
  readonly tempDir: string;
  /** Runs test/bench/peers/<script> in Python and parses the JSON it prints; null when the peer is not installed. */
  peer(script: string, args?: readonly string[]): Promise<PeerAnswer | null>;
  log(line: string): void;
}

/** What a peer script prints: one JSON object with at least its versions and seconds per case. */
export interface PeerAnswer {
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

export interface Timing {
  readonly median: number;
  readonly spread: readonly [number, number];
}

/** Median, minimum and maximum seconds of `nRuns` calls after one warm-up call. */
export async function timeRuns(nRuns: number, work: () => Promise<unknown> | unknown): Promise<Timing> {
  await work();
  const seconds: number[] = [];
  for (let i = 0; i < nRuns; i++) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return timingOf(seconds);
}

export function timingOf(values: readonly number[]): Timing {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: median(sorted), spread: [sorted[0]!, sorted.at(-1)!] };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A row whose ratio follows from its two medians. */
export function row(
  name: string,
  unit: string,
  ours: Timing,
  peer: { readonly name: string; readonly median: number } | null,
  extra: Readonly<Record<string, unknown>> = {},
): BenchRow {
  return {
    case: name,
    unit,
    ours: ours.median,
    peer: peer?.median ?? null,
    peerName: peer?.name ?? null,
    ratio: peer ? ours.median / peer.median : null,
    spread: ours.spread,
    ...extra,
  };
}

/** Runs a peer script with threads limited to `threads`; null when Python or the library is missing (exit code 3). */
export function runPeer(
  script: string,
  args: readonly string[],
  options: { readonly threads: number; readonly log: (line: string) => void },
): Promise<PeerAnswer | null> {
  const python = process.env['PITH_BENCH_PYTHON'] ?? 'python3';
  const threads = String(options.threads);
  const child = spawn(python, [path.join(import.meta.dirname, 'peers', script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      OMP_NUM_THREADS: threads,
      OPENBLAS_NUM_THREADS: threads,
      MKL_NUM_THREADS: threads,
      PITH_BENCH_THREADS: threads,
    },
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  return new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', (code) => {
      if (code === 0) {
        resolve(JSON.parse(out.trim().split('\n').at(-1) ?? '') as PeerAnswer);
        return;
      }
      if (!/ModuleNotFoundError/.test(errors))
        options.log(`peer ${script} failed: ${errors.trim().split('\n').at(-1)}`);
      resolve(null);
    });
  });
}

/** The machine as a reader of the table needs it. */
export function describeMachine(threads: number): Record<string, unknown> {
  const cpu = os.cpus()[0]?.model ?? 'unknown';
  return {
    cpu,
    cores: os.availableParallelism(),
    threads,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
  };
}
