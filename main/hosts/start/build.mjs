// `npm run build`: the page (Vite), Electron's main and preload (esbuild, CommonJS), the WebAssembly kernels.
// Each part is built only when a hash over its sources says so; `npm start` calls this every time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const stampName = '.build-hash';

const parts = [
  {
    title: 'the page',
    sources: ['renderer', 'main/contract', 'package-lock.json'],
    output: 'renderer/dist',
    isReady: () => existsSync(path.join(root, 'vite.config.ts')),
    build: buildPage,
  },
  {
    title: 'the shell',
    sources: ['electron', 'main/contract', 'package-lock.json'],
    output: 'electron/dist',
    isReady: () => existsSync(path.join(root, 'electron/main.ts')),
    build: buildShell,
  },
];

/** Builds what is out of date. `say` gets one line for each part that is built. */
export async function build(say = console.error) {
  const wasm = path.join(root, 'main/kernels/wasm/build.mjs');
  if (existsSync(wasm)) {
    const { buildWasm } = await import(pathToFileURL(wasm).href);
    await buildWasm();
  }
  for (const part of parts) {
    if (!part.isReady()) continue;
    const output = path.join(root, part.output);
    const stamp = path.join(output, stampName);
    const hash = hashOf(part.sources);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue;
    say(`Building ${part.title} …`);
    // A build that fails half-way must not look finished.
    rmSync(stamp, { force: true });
    await part.build(output);
    mkdirSync(output, { recursive: true });
    writeFileSync(stamp, hash);
  }
}

async function buildPage(output) {
  const { build: viteBuild } = await import('vite');
  await viteBuild({
    root: path.join(root, 'renderer'),
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: output, emptyOutDir: true },
  });
}

async function buildShell(output) {
  const esbuild = await import('esbuild');
  // A sandboxed preload has `require` but no `module`: it is a plain script.
  for (const [name, format] of [
    ['main', 'cjs'],
    ['preload', 'iife'],
  ]) {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: { [name]: `electron/${name}.ts` },
      outdir: output,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      format,
      // Older Electron runtimes load them too.
      target: 'node18',
      external: ['electron'],
      logLevel: 'warning',
    });
  }
}

function hashOf(sources) {
  const digest = createHash('sha256');
  for (const source of sources) {
    for (const file of filesIn(path.join(root, source))) {
      digest.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return digest.digest('hex');
}

function filesIn(entry) {
  if (!existsSync(entry)) return [];
  if (path.extname(entry) === '.json') return [entry];
  return readdirSync(entry, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile())
    .map((item) => path.join(item.parentPath ?? item.path, item.name))
    .filter((file) => !path.relative(entry, file).split(path.sep).includes('dist'))
    .sort();
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { underPinnedNode } = await import('./pinnedNode.mjs');
  await underPinnedNode(fileURLToPath(import.meta.url), () => build());
}
