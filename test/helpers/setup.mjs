// Makes sure that what the tests need is there: the built page and kernels, and a Chromium. Stops with one sentence if not.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from './chromium.mjs';

const root = path.resolve(import.meta.dirname, '../..');
execFileSync(process.execPath, [path.join(root, 'main/hosts/start/build.mjs')], { cwd: root, stdio: 'inherit' });

if (!findChromium()) {
  console.log('No Chromium found: getting one for the browser tests …');
  const cli = path.join(root, 'node_modules/playwright-core/cli.js');
  const viaPlaywright = spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 180_000,
  });
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if ((viaPlaywright.status !== 0 || !findChromium()) && isDebianRoot) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  if (!findChromium()) {
    console.error(
      'The browser tests need Chromium: install it (on Debian: apt-get install chromium) or name one in PITH_CHROMIUM.',
    );
    process.exit(1);
  }
}
