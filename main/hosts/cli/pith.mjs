#!/usr/bin/env node
// `npx pith`: plain JavaScript, so that whatever Node the machine has can start it.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { underPinnedNode } from '../start/pinnedNode.mjs';

await underPinnedNode(fileURLToPath(import.meta.url), async () => {
  delete process.env.PITH_REEXEC;
  module.enableCompileCache();
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
});
