import type { ShapAnswer } from '../../../main/contract/explain.ts';
import type { BeeswarmFeature } from '../../charts/swarm.ts';

const MAX_FEATURES = 14;

/** The most important features with their contributions; numbers get a level by rank, so that one outlier does not grey the rest. */
export function swarmFeatures(answer: ShapAnswer): BeeswarmFeature[] {
  const weight = (k: number) => answer.values.reduce((s, v) => s + Math.abs(v[k] ?? 0), 0);
  return answer.features
    .map((_, k) => ({ k, weight: weight(k) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_FEATURES)
    .map(({ k }) => {
      const cells = answer.cells.map((row) => row[k] ?? null);
      const sorted = cells.filter((c): c is number => typeof c === 'number').sort((a, b) => a - b);
      return {
        name: answer.features[k]!,
        contributions: answer.values.map((v) => v[k] ?? 0),
        levels: cells.map((c) => (typeof c === 'number' ? rankOf(sorted, c) : null)),
        texts: cells.map((c) => (c === null ? 'missing' : String(c))),
      };
    });
}

/** Share of `sorted` below `value`, ties at their middle; 0.5 when all are equal. */
function rankOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (sorted[mid]! < value) low = mid + 1;
    else high = mid;
  }
  let end = low;
  while (end < sorted.length && sorted[end] === value) end++;
  return sorted.length <= 1 ? 0.5 : (low + end - 1) / 2 / (sorted.length - 1);
}
