import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/helpers/summaryReporter.ts';

const project = (name: string, folders: string[], extra: object = {}) => ({
  test: { name, include: folders.map((f) => `test/${f}/**/*.test.{ts,tsx}`), environment: 'node', ...extra },
});

export default defineConfig({
  test: {
    // Two workers: the tests are meant for a 2-core machine and ONNX Runtime has threads of its own.
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new SummaryReporter()],
    projects: [
      project('unit', ['unit', 'contract', 'golden'], { testTimeout: 30_000 }),
      project('integration', ['integration'], { testTimeout: 120_000, hookTimeout: 60_000 }),
      project('e2e', ['e2e'], {
        testTimeout: 180_000,
        hookTimeout: 180_000,
        fileParallelism: false,
        expect: { poll: { timeout: 20_000 } },
      }),
    ],
  },
});
