import { availableParallelism, freemem, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import type { CallHandlers } from '../handlers.ts';
import { listSamples } from '../samples/index.ts';

const require = createRequire(import.meta.url);

export const appCalls = {
  'app.info': async () => ({
    version: versionOf('../../../package.json'),
    nodeVersion: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    nCores: availableParallelism(),
    memoryBytes: totalmem(),
    memoryFreeBytes: freemem(),
    executionProviders: await executionProviders(),
    engines: {
      duckdb: versionOf('@duckdb/node-api/package.json'),
      onnxruntime: versionOf('onnxruntime-node/package.json'),
      sqlite: versionOf('better-sqlite3/package.json'),
    },
  }),
  'app.samples': () => listSamples(),
} satisfies CallHandlers;

function versionOf(manifest: string): string {
  try {
    return (require(manifest) as { version: string }).version;
  } catch {
    return 'not found';
  }
}

/** Loads ONNX Runtime, so it is asked for only here. */
async function executionProviders(): Promise<string[]> {
  try {
    const { listProviders } = await import('../../tensor/session.ts');
    return [...listProviders()];
  } catch {
    return ['cpu'];
  }
}
