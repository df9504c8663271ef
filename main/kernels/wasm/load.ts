import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Exports } from './exports.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The compiled kernels; builds `pith.wasm` first when this checkout has none or an old one. Shared by all threads of the process. */
export function loadWasm(): Promise<WebAssembly.Module> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const file = fileURLToPath(new URL('./pith.wasm', import.meta.url));
  // A checkout may be newer than what was built from it; the packaged studio has no sources.
  if (existsSync(new URL('./assembly/index.ts', import.meta.url))) {
    const build = new URL('./build.mjs', import.meta.url);
    const { buildWasm } = (await import(build.href)) as { readonly buildWasm: () => Promise<void> };
    await buildWasm();
  }
  return WebAssembly.compile(readFileSync(file));
}

/** An instance of the kernels over `memory`; cheap, one per thread and memory. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
}
