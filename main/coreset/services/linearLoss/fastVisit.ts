import type { Rows } from '../../rows.ts';
import type { PassMemory, Visit } from '../service.ts';
import { partsOfForms, rootOfClass, scores, sharesOf, sparseForm } from './density.ts';
import { createLogisticRows } from './logisticRows.ts';
import { addRank } from './rankCurve.ts';
import { PartSums } from './partSums.ts';
import type { PassPilot } from './passPilot.ts';

/** Directions the kernel takes at a time. */
const DIRECTIONS = 12;

/** `LinearPilot.visit` for scores, keys and totals: rows of a block first, then its sums, part by part. */
export function createFastVisit(pilot: PassPilot, { wasm, arena }: PassMemory): (rows: Rows, out: Visit) => void {
  const { loss, layout, beta, knots, others, density, unit, nFeatures: d, nStatistics } = pilot;
  const K = loss.nOut;
  const sums = new PartSums(pilot, { wasm, arena });
  const { A, pitch, nRows: most } = sums;
  const place = (W: Float64Array) => placeDirections(W, d + 1, arena);
  const hasForms = !density.isSparse;
  const H = hasForms ? place(density.Wh) : null;
  // Rows of a block lie class by class, so that each class's form is one call.
  const nGroups = hasForms && loss.name !== 'squared' ? loss.nClasses : 0;
  const G = Array.from({ length: nGroups }, (_, k) => place(rootOfClass(density, loss, k)));
  const order = new Uint32Array(most);
  const starts = new Uint32Array(nGroups + 1);
  const ownPart = new Uint8Array(most);
  const [formH, formG] = [arena.alloc(8 * (most + 2)), arena.alloc(8 * (most + 2))];
  const rowsAt = arena.f64(A, (most + 2) * pitch);
  const [h, l] = [arena.f64(formH, most + 2), arena.f64(formG, most + 2)];
  const [f, g, v, p, fold] = [K, K, K, K, loss.nFold].map((n) => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const parts = new Float64Array(3);
  const [so, sh, sl, sn] = sharesOf(density);

  const visitLogistic =
    loss.name === 'logistic' && others.length === 0
      ? createLogisticRows(pilot, sums, { wasm, arena }, { h: formH, own: formG })
      : null;

  return function visit({ X, y, weight }, out) {
    const { score, key, totals, part } = out;
    for (let from = 0; from < X.nRows; from += most) {
      const n = Math.min(most, X.nRows - from);
      if (nGroups > 0) sortByClass(y, from, n, order, starts);
      else for (let i = 0; i < n; i++) order[i] = from + i;
      for (let i = 0, to = 0; i < n; i++, to += pitch) {
        for (let j = 0, at = order[i]! * d; j < d; j++) rowsAt[to + j] = X.data[at++]!;
        rowsAt[to + d] = 1;
        if (part) ownPart[i] = part[order[i]!]!;
      }
      if (score && H) {
        wasm.quadraticForms(A, n, d + 1, pitch, H.at, H.n, formH);
        // A class of an odd number of rows writes one form too many, which the next class puts right.
        G.forEach(({ at, n: nDirections }, k) => {
          const first = starts[k]!;
          const count = starts[k + 1]! - first;
          wasm.quadraticForms(A + 8 * pitch * first, count, d + 1, pitch, at, nDirections, formG + 8 * first);
        });
      }
      if (visitLogistic) {
        if (score && !hasForms) {
          for (let i = 0; i < n; i++) {
            h[i] = sparseForm(density.Wh, rowsAt, i * pitch, d);
            l[i] = sparseForm(rootOfClass(density, loss, y[order[i]!]!), rowsAt, i * pitch, d);
          }
        }
        visitLogistic(order, n, y, weight, out);
      }
      const nPlain = visitLogistic ? 0 : n;
      for (let i = 0; i < nPlain; i++) {
        const row = order[i]!;
        const at = i * pitch;
        scores(rowsAt, at, d, beta, K, f);
        const value = loss.at(f, y[row]!, g, v, p);
        if (score) {
          if (hasForms) partsOfForms(h[i]!, l[i]!, g, v, loss, parts);
          else {
            const formOf = (W: Float64Array) => sparseForm(W, rowsAt, at, d);
            partsOfForms(
              formOf(density.Wh),
              loss.name === 'squared' ? 0 : formOf(rootOfClass(density, loss, y[row]!)),
              g,
              v,
              loss,
              parts,
            );
          }
          score[row] = so * parts[0]! + sh * parts[1]! + sl * parts[2]! + sn;
        }
        if (key) {
          const own = g[0]!;
          g[0] = own / unit;
          key[row] = loss.key(y[row]!, g, p);
          g[0] = own;
        }
        if (!totals) continue;
        const w = weight === undefined ? 1 : weight[row]!;
        const to = (part?.[row] ?? 0) * nStatistics;
        totals[to + (loss.nClasses === 1 ? 0 : y[row]!)]! += w;
        loss.fold(y[row]!, value, p, fold, 0);
        for (let j = 0; j < fold.length; j++) totals[to + layout.fold + j]! += w * fold[j]!;
        if (layout.rank >= 0) addRank(knots, totals, to + layout.rank, w, y[row]!, f[0]!, p[0]!);
        sums.set(i, w, g, v);
        for (let o = 0; o < others.length; o++) {
          scores(rowsAt, at, d, others[o]!, K, f);
          loss.at(f, y[row]!, g, v, p);
          sums.setOther(i, o, w, g);
        }
      }
      if (totals) sums.add(n, part && ownPart.subarray(0, n));
    }
    if (totals) sums.flush(totals);
  };
}

/** W, shape (nDirections, q), turned and filled up with zeros. */
function placeDirections(W: Float64Array, q: number, arena: PassMemory['arena']): { at: number; n: number } {
  const given = W.length / q;
  const n = Math.ceil(given / DIRECTIONS) * DIRECTIONS;
  const at = arena.alloc(8 * q * n);
  const turned = arena.f64(at, q * n);
  for (let a = 0; a < given; a++) for (let j = 0; j < q; j++) turned[j * n + a] = W[a * q + j]!;
  return { at, n };
}

/** Row numbers from … from + n − 1 class by class, and where each class starts. */
function sortByClass(y: Float64Array, from: number, n: number, order: Uint32Array, starts: Uint32Array): void {
  starts.fill(0);
  for (let i = from; i < from + n; i++) starts[y[i]! + 1]!++;
  for (let k = 1; k < starts.length; k++) starts[k]! += starts[k - 1]!;
  const next = starts.slice();
  for (let i = from; i < from + n; i++) order[next[y[i]!]!++] = i;
}
