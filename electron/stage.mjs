// Lays out what the installer carries beside the app: the engine's sources, the built page, the samples, the production
// modules the engine loads, and the Node runtime that runs it. The engine cannot live in app.asar: plain Node reads no asar.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const stage = path.join(root, 'dist', 'stage');
const engine = path.join(stage, 'engine');

/** What the engine itself imports; everything else in `dependencies` is bundled into the page. */
const ENGINE_MODULES = ['@duckdb/node-api', 'onnxruntime-node', 'better-sqlite3', 'protobufjs', 'ws', 'yaml', 'zod'];

/** Folders of `names` and of all they depend on, found as Node finds them. */
function closure(names, from = root, found = new Set()) {
  for (const name of names) {
    const folder = resolveModule(name, from);
    if (!folder || found.has(folder)) continue;
    found.add(folder);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    closure(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }), folder, found);
  }
  return found;
}

function resolveModule(name, from) {
  for (let folder = from; folder.startsWith(root); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
  }
  return null; // an optional dependency of another platform
}

/** Native binaries of other platforms would triple the installer. */
function isForThisPlatform(file) {
  const part = path.relative(root, file).replaceAll('\\', '/');
  const napi = /onnxruntime-node\/bin\/napi-v\d+\/([^/]+)(?:\/([^/]+))?/.exec(part);
  if (napi) return napi[1] === process.platform && (!napi[2] || napi[2] === process.arch);
  return !/better-sqlite3\/(deps|src)\//.test(part);
}

const copy = (from, to, filter = () => true) => cpSync(from, to, { recursive: true, dereference: true, filter });

rmSync(stage, { recursive: true, force: true });
mkdirSync(engine, { recursive: true });
for (const name of ['main', 'resources', 'package.json', 'LICENSE']) {
  copy(path.join(root, name), path.join(engine, name), (file) => !file.includes(`${path.sep}assembly`));
}
copy(path.join(root, 'renderer', 'dist'), path.join(engine, 'renderer', 'dist'));
for (const folder of closure(ENGINE_MODULES)) {
  copy(
    folder,
    path.join(engine, path.relative(root, folder)),
    (file) => isForThisPlatform(file) && !file.slice(folder.length).includes('node_modules'),
  );
}
const samples = path.join('node_modules', 'vega-datasets', 'data');
for (const file of ['flights-3m.parquet', 'movies.json', 'penguins.json']) {
  mkdirSync(path.join(engine, samples), { recursive: true });
  copy(path.join(root, samples, file), path.join(engine, samples, file));
}
copy(
  path.join(root, 'node_modules', 'vega-datasets', 'package.json'),
  path.join(engine, 'node_modules', 'vega-datasets', 'package.json'),
);
copy(path.join(root, 'node_modules', 'node', 'bin'), path.join(stage, 'runtime'));
console.log(`Staged the engine in ${path.relative(root, stage)}`);
