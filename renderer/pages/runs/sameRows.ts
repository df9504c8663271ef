import type { RunDetail } from '../../../main/contract/run.ts';

/** Whether runs were scored on the same validation rows: these follow from the data, the target and the split alone. */
export function haveSameValidationRows(
  runs: readonly Pick<RunDetail, 'versionHash' | 'target' | 'result'>[],
  configs: readonly Readonly<Record<string, unknown>>[],
): boolean {
  const keys = runs.map((run, k) =>
    JSON.stringify([run.versionHash, run.target, run.result?.task, configs[k]?.['split']]),
  );
  return new Set(keys).size === 1;
}
