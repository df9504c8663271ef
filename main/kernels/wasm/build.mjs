/**
 * Compiles ./assembly (AssemblyScript) to ./pith.wasm, which git ignores. Idempotent: does nothing when the output is
 * newer than every source. Run with plain `node main/kernels/wasm/build.mjs`; `load.ts` runs it in a checkout.
 */
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, 'pith.wasm');

function isFresh() {
  const built = statSync(target, { throwIfNoEntry: false });
  if (!built) return false;
  const sources = readdirSync(path.join(here, 'assembly')).map((name) => path.join(here, 'assembly', name));
  return [...sources, fileURLToPath(import.meta.url)].every((source) => statSync(source).mtimeMs <= built.mtimeMs);
}

export async function buildWasm() {
  if (isFresh()) return;
  const { default: asc } = await import('assemblyscript/asc');
  // Another process may build at the same time: write aside, then rename.
  const aside = `pith.wasm.${process.pid}.tmp`;
  const options = [
    'assembly/index.ts',
    '--outFile',
    aside,
    '--baseDir',
    here,
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    '--enable',
    'threads',
    '--enable',
    'simd',
    '--use',
    'abort=',
    '--noExportMemory',
  ];
  const written = new Map();
  const { error, stderr } = await asc.main(options, {
    writeFile: (name, contents) => void written.set(name, contents),
  });
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`);
  const asidePath = path.join(here, aside);
  try {
    writeFileSync(asidePath, written.get(aside));
    renameSync(asidePath, target);
  } finally {
    rmSync(asidePath, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm();
