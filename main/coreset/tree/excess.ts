import type { CoresetTree } from './coresetTree.ts';

/**
 * About how far the full-data objective at the coreset's solution lies above its optimum, as a share: half the Newton
 * decrement, ½ gᵀH⁻¹g / f. The gradient g of all rows is known from the totals at the pilot nearest to the solution, so
 * no fit on all rows is needed. null where the service has no such objective.
 */
export function excessEstimate(tree: CoresetTree): number | null {
  const coreset = tree.coreset(0);
  return tree.pilot.excess(coreset, tree.totals());
}
