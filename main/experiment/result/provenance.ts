import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import path from 'node:path';
import type { RunConfig } from '../../contract/config.ts';
import type { Provenance } from '../../contract/run.ts';

const require = createRequire(import.meta.url);
const versionOf = (manifest: string): string => (require(manifest) as { readonly version: string }).version;
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What a run's numbers depend on, beside its configuration and its data: versions of everything that computes. */
export const versions = (): Record<string, string> => ({
  pith: versionOf('../../../package.json'),
  node: process.versions.node,
  onnxRuntime: versionOf('onnxruntime-node/package.json'),
  duckdb: versionOf('@duckdb/node-api/package.json'),
  kernels: kernels(),
});

function kernels(): string {
  const file = new URL('../../kernels/wasm/pith.wasm', import.meta.url);
  // A checkout that never needed them has not built them.
  return existsSync(file) ? sha256(readFileSync(file)).slice(0, 12) : 'not built';
}

/**
 * The machine, and hashes of what went in.
 * @param file the data version, which is named by the hash of its content
 */
export const provenanceOf = (file: string, config: RunConfig, threads: number): Provenance => ({
  dataHash: path.basename(file, '.parquet'),
  configHash: configHash(config),
  machine: { cpu: cpus()[0]?.model.trim() ?? 'unknown', instructions: instructions(), threads },
});

/**
 * Of what decides the numbers: neither the run's name, nor threads, nor where the data lie (their own hash says what they
 * are). The order of keys does not matter; defaults count as if they were written.
 */
export function configHash({ data, compute, ...config }: RunConfig): string {
  const { target, drop, task } = data;
  return sha256(canonical({ ...config, name: null, data: { target, drop, task }, provider: compute.provider }));
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, own: unknown) =>
    own !== null && typeof own === 'object' && !Array.isArray(own)
      ? Object.fromEntries(Object.entries(own).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : own,
  );

/** Instruction sets that ONNX Runtime and V8 choose their code by. */
const CHOSEN_BY = [
  'sse4_1',
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx_vnni',
  'amx_tile',
  'asimd',
  'sve',
  'i8mm',
];

/** As this machine names them, where it does (Linux); the architecture first. */
function instructions(): string[] {
  let flags: string[] = [];
  try {
    const told = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    flags = told ? told[1]!.trim().split(/\s+/) : [];
  } catch {
    // Other systems do not have the file; then the architecture is what is known.
  }
  return [process.arch, ...CHOSEN_BY.filter((name) => flags.includes(name))];
}
