import type { CoresetSummary } from '../../../contract/coreset.ts';
import type { CoresetRecord } from '../../../store/coresets.ts';
import type { CoresetRecipe } from './input.ts';

/** A coreset's row as lists show it. */
export function summaryOf(record: CoresetRecord, projectId: string): CoresetSummary {
  const { id, versionId, name, meta, nEdits, createdAt } = record;
  const { service, target, size, nRows, nRowsCovered, nLevels, seed, buildMs, bytes, excessLoss } = meta;
  const { compared } = recipeOf(record);
  return {
    id,
    projectId,
    versionId,
    name,
    service,
    target,
    size,
    nRows,
    nRowsCovered,
    nLevels,
    seed,
    buildMs,
    bytes,
    excessLoss,
    nEdits,
    ...(compared && { comparisonId: compared.comparisonId }),
    createdAt,
  };
}

export const recipeOf = ({ meta }: CoresetRecord): CoresetRecipe => meta as unknown as CoresetRecipe;
