import type { PassMemory, Visit } from '../service.ts';
import { sharesOf } from './density.ts';
import type { PartSums } from './partSums.ts';
import type { PassPilot } from './passPilot.ts';
import { addRank } from './rankCurve.ts';

/** Visits rows 0 … n-1 of a block, whose place in the pass is `order`. */
type VisitRows = (order: Uint32Array, n: number, y: Float64Array, weight: Float64Array | undefined, out: Visit) => void;

/**
 * What a pass does with each row of two classes, in WebAssembly: the same as `LinearPilot.visit` but for rounding.
 * @param sums the rows of the block lie there, and their coefficients go there
 * @param forms addresses of aᵀH⁻¹a and aᵀG⁻¹a of each row
 */
export function createLogisticRows(
  pilot: PassPilot,
  sums: PartSums,
  { wasm, arena }: PassMemory,
  forms: { readonly h: number; readonly own: number },
): VisitRows {
  const { beta, layout, nStatistics, density, knots } = pilot;
  const { A, pitch, at } = sums;
  const size = sums.nRows + 2;
  const place = () => {
    const address = arena.alloc(8 * size);
    return [address, arena.f64(address, size)] as const;
  };
  const [yAt, target] = place();
  const [wAt, w] = place();
  const [fAt, f] = place();
  const [pAt, p] = place();
  const [lossAt, loss] = place();
  const [scoreAt, scores] = place();
  const betaAt = arena.alloc(8 * pitch);
  arena.f64(betaAt, pitch).set(beta);
  const [so, sh, sl, sn] = sharesOf(density);

  return function visitRows(order, n, y, weight, { score, key, totals, part }) {
    for (let i = 0; i < n; i++) {
      const row = order[i]!;
      target[i] = y[row]!;
      w[i] = weight === undefined ? 1 : weight[row]!;
    }
    wasm.logisticRows(A, pitch, n, betaAt, yAt, wAt, fAt, pAt, lossAt, at.C, at.V);
    if (score) {
      wasm.logisticScores(n, pAt, yAt, forms.h, forms.own, so, sh, sl, sn, scoreAt);
      for (let i = 0; i < n; i++) score[order[i]!] = scores[i]!;
    }
    if (key) for (let i = 0; i < n; i++) key[order[i]!] = (target[i]! + 0.999 * p[i]!) / 2;
    if (!totals) return;
    for (let i = 0; i < n; i++) {
      const to = part === undefined ? 0 : part[order[i]!]! * nStatistics;
      const own = w[i]!;
      totals[to + target[i]!]! += own;
      totals[to + layout.fold]! += own * loss[i]!;
      totals[to + layout.fold + 1]! += own * target[i]! * loss[i]!;
      totals[to + layout.fold + 2]! += own * p[i]!;
      if (layout.rank >= 0) addRank(knots, totals, to + layout.rank, own, target[i]!, f[i]!, p[i]!);
    }
  };
}
