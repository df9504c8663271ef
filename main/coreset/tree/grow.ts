import { AppError } from '../../contract/errors.ts';
import { createRng } from '../../kernels/rng.ts';
import { systematicDraw } from '../draw/systematic.ts';
import { LinearPilot } from '../services/linearLoss/pilot.ts';
import { scores } from '../services/linearLoss/density.ts';
import type { CoresetTree } from './coresetTree.ts';
import { leafEdit } from './formerState.ts';
import { inclusion } from './leaves.ts';

/** Share of the draw that goes by uncertainty. */
const UNSURE_SHARE = 0.5;

/**
 * Active sampling: the root is drawn again with `nRows` more rows out of all that leaves keep, half of the draw by
 * score, half by score × how unsure the pilot is (Σ p(1 − p)). Probabilities are known, so weights stay honest; they are
 * calibrated to the same totals. No data is read. Can be taken back. Throws AppError GROW_NOT_FOR_SERVICE, GROW_NO_ROWS.
 */
export function growRoot(tree: CoresetTree, nRows: number): void {
  const unsure = uncertainty(tree);
  const rows = tree.rowsOf(Infinity);
  const before = tree.frontier(0)[0]!.row.length;
  if (before + nRows > rows.y.length) {
    throw new AppError({
      code: 'GROW_NO_ROWS',
      message: `The tree keeps ${rows.y.length} rows in all and uses ${before}: ${nRows} more are not there.`,
      fix: { kind: 'setParam', label: `Grow by at most ${rows.y.length - before}, or build a larger coreset` },
    });
  }
  const n = rows.y.length;
  const plain = rows.score.map((score, i) => score * rows.baseWeight[i]!);
  const pulled = plain.map((mass, i) => mass * unsure(rows.X.data, i));
  const [a, b] = [plain, pulled].map((mass) => mass.reduce((sum, v) => sum + v, 0)) as [number, number];
  const mass = Float64Array.from(
    { length: n },
    (_, i) => ((1 - UNSURE_SHARE) * plain[i]!) / a + (b > 0 ? (UNSURE_SHARE * pulled[i]!) / b : 0),
  );
  const key = Float64Array.from(rows.leaf, (leaf, i) => tree.leafAt(leaf).key[rows.row[i]!]!);
  const next = inclusion(mass, rows.y, { ...tree.drawOptions, size: before + nRows });
  const [from, to] = tree.range;
  const rng = createRng(tree.settings.seed).fork(`grow ${from}-${to} ${before + nRows}`);
  const drawn = systematicDraw(next, key, rng);
  tree.edits.push(leafEdit(tree, 'grow'));
  const pi = Float64Array.from(drawn, (i) => tree.leafAt(rows.leaf[i]!).pi[rows.row[i]!]! * next[i]!);
  tree.nodes = new Map(tree.nodes).set(`${from}-${to}`, {
    from,
    to,
    leaf: Uint32Array.from(drawn, (i) => rows.leaf[i]!),
    row: Uint32Array.from(drawn, (i) => rows.row[i]!),
    pi,
  });
  tree.forget();
  tree.coreset(0);
}

/** How unsure the pilot is about a row, 0 when it is certain. */
function uncertainty({ pilot, nFeatures: d }: CoresetTree): (data: Float32Array | Float64Array, row: number) => number {
  if (!(pilot instanceof LinearPilot) || (pilot.loss.name !== 'logistic' && pilot.loss.name !== 'softmax')) {
    throw new AppError({
      code: 'GROW_NOT_FOR_SERVICE',
      message: `Only coresets for logistic models know where the model is unsure, not ${pilot.service}.`,
      fix: { kind: 'setParam', label: 'Use the next level, which has twice the rows' },
    });
  }
  const { beta, loss } = pilot;
  const [f, g, v, p] = Array.from({ length: 4 }, () => new Float64Array(loss.nOut)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return (data, row) => {
    scores(data, row * d, d, beta, loss.nOut, f);
    loss.at(f, 0, g, v, p);
    return v.reduce((sum, value) => sum + value, 0);
  };
}
