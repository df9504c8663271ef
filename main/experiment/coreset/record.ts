import type { RunResult } from '../../contract/run.ts';
import type { SettledConfig } from './settled.ts';

/** What the record of a run says of the coreset it drew; null where it drew none. */
export function coresetRecord(
  { coreset: config }: Pick<SettledConfig, 'coreset'>,
  drawn: { readonly nRows: number; readonly service: string; readonly hasTree: boolean } | null,
): RunResult['coreset'] {
  if (!drawn || config === false) return null;
  const { size, level, seed } = config;
  const { nRows, service, hasTree } = drawn;
  return { size, level, nRows, service, seed, artefact: hasTree ? 'coreset-tree' : null };
}
