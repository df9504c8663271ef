import { addGram, mirrorLower } from '../../../kernels/linalg/gram.ts';
import { flooredInverseRoot } from '../../../kernels/linalg/inverseRoot.ts';
import type { Rng } from '../../../kernels/rng.ts';
import { pilotRows, thin, type Sample } from '../../draw/reservoir.ts';
import type { WeightedRows } from '../../rows.ts';
import type { LinearLoss } from './loss.ts';

/**
 * Multiplications the quadratic forms of a pass may take, and the fewest directions one is computed with. A form has as
 * many directions as features unless that is too much work: then a random projection (Johnson & Lindenstrauss) is used.
 * Scores are only a proposal, weights divide by the probability that was really used; but rows of a rare level share the
 * projection's error, and with too few of them drawn its totals are out of reach.
 */
const FORM_WORK = 2_000_000_000;
const MIN_DIRECTIONS = 24;

/** What the scores of rows come from; learned on the sample. */
export interface Density {
  /** Shape (nDirections, q): aᵀH⁻¹a = ‖Wh a‖², H = Σ w v a aᵀ. */
  readonly Wh: Float64Array;
  /** Shape (nClasses, nDirections, q): aᵀG⁻¹a = ‖Wg a‖², G = Σ w a aᵀ over the rows of one class (see `rootOfClass`). */
  readonly Wg: Float64Array;
  /** Sums over the data of the three parts of the score, and of the weights. */
  readonly sums: Float64Array;
  /** Most features of a row are zero (one-hot columns): forms are computed over those that are not. */
  readonly isSparse: boolean;
}

/** Below this share of values that are not zero, passing over the zeros pays. */
const SPARSE_BELOW = 0.4;

/** Multiplications a Gram matrix may take; beyond, fewer rows of the sample are used. */
const GRAM_WORK = 40_000_000;

/** Curvature-weighted and plain leverage scores of the sample's rows, with their sums estimated over the data. */
export function learnDensity(whole: Sample, loss: LinearLoss, beta: Float64Array, ridge: number, rng: Rng): Density {
  const q = whole.X.nCols + 1;
  const nRows = Math.max(3000, 10 * q, Math.floor(GRAM_WORK / (q * q)));
  const sample = nRows < whole.y.length ? thin(whole, pilotRows(whole, nRows, rng.fork('rows'))) : whole;
  const { X, y, weight } = sample;
  const v = new Float64Array(X.nRows);
  const [f, g, vk, p] = Array.from({ length: 4 }, () => new Float64Array(loss.nOut)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < X.nRows; i++) {
    scores(X.data, i * X.nCols, X.nCols, beta, loss.nOut, f);
    loss.at(f, y[i]!, g, vk, p);
    for (let k = 0; k < loss.nOut; k++) v[i]! += weight[i]! * vk[k]!;
  }
  const n = whole.classCounts.reduce((sum, c) => sum + c, 0);
  const nDirections = Math.max(MIN_DIRECTIONS, Math.floor(FORM_WORK / (n * q)));
  const Wh = rootOf(sample, v, ridge, nDirections, rng.fork('h'));
  const Wg = loss.name === 'squared' ? Wh : rootsByClass(sample, loss.nClasses, nDirections, rng.fork('g'));
  const isSparse = shareNotZero(X.data) < SPARSE_BELOW;
  const density: Density = { Wh, Wg, sums: new Float64Array(4).fill(1), isSparse };
  const parts = new Float64Array(3);
  const sums = new Float64Array(4);
  for (let i = 0; i < X.nRows; i++) {
    const at = i * X.nCols;
    scores(X.data, at, X.nCols, beta, loss.nOut, f);
    loss.at(f, y[i]!, g, vk, p);
    scoreParts(density, X.data, at, X.nCols, y[i]!, g, vk, loss, parts);
    for (let j = 0; j < 3; j++) sums[j]! += weight[i]! * parts[j]!;
    sums[3]! += weight[i]!;
  }
  return { Wh, Wg, sums, isSparse };
}

/** What each part of a score, and an even share, counts: 0.3 ô + 0.3 ĥ + 0.3 l̂ + 0.1/n. */
export function sharesOf({ sums }: Density): readonly [number, number, number, number] {
  const [o, h, l, n] = [...sums].map((s, i) => (s > 0 ? (i === 3 ? 0.1 : 0.3) / s : 0));
  return [o!, h!, l!, n!];
}

/** f_k = β_k · [x, 1]. */
export function scores(
  data: Float32Array | Float64Array,
  at: number,
  d: number,
  beta: Float64Array,
  nOut: number,
  f: Float64Array,
): void {
  for (let k = 0; k < nOut; k++) {
    const b = k * (d + 1);
    let sum = beta[b + d]!;
    for (let j = 0; j < d; j++) sum += beta[b + j]! * data[at + j]!;
    f[k] = sum;
  }
}

/**
 * The three parts of a row's score: ‖g‖·√(aᵀH⁻¹a), v·aᵀH⁻¹a, aᵀG⁻¹a (least squares: |r|√l, √l, l). A row that is
 * not in the sample is counted into H and G first (Sherman & Morrison), so an unseen extreme has a leverage below 1.
 */
export function scoreParts(
  density: Density,
  data: Float32Array | Float64Array,
  at: number,
  d: number,
  y: number,
  g: Float64Array,
  vk: Float64Array,
  loss: LinearLoss,
  out: Float64Array,
): void {
  const formOf = density.isSparse ? sparseForm : form;
  const formG = loss.name === 'squared' ? 0 : formOf(rootOfClass(density, loss, y), data, at, d);
  partsOfForms(formOf(density.Wh, data, at, d), formG, g, vk, loss, out);
}

/**
 * Wg of the rows of class `y`. Leverage within a row's class is high for rows that are the only ones of their class to
 * have a rare level: without any of them a coreset cannot reproduce that level's gradient, whatever the weights.
 */
export function rootOfClass({ Wg }: Density, { nClasses }: LinearLoss, y: number): Float64Array {
  let found = byClass.get(Wg);
  if (!found) {
    const size = Wg.length / nClasses;
    found = Array.from({ length: nClasses }, (_, k) => Wg.subarray(k * size, (k + 1) * size));
    byClass.set(Wg, found);
  }
  return found[y]!;
}

const byClass = new WeakMap<Float64Array, Float64Array[]>();

/** The parts of a score from the forms aᵀH⁻¹a and aᵀG⁻¹a (least squares need the first only). */
export function partsOfForms(
  formH: number,
  formG: number,
  g: Float64Array,
  vk: Float64Array,
  loss: LinearLoss,
  out: Float64Array,
): void {
  let squaredGradient = 0;
  let v = 0;
  for (let k = 0; k < loss.nOut; k++) {
    squaredGradient += g[k]! * g[k]!;
    v += vk[k]!;
  }
  const leverage = formH / (1 + v * formH);
  if (loss.name === 'squared') {
    out[0] = Math.sqrt(squaredGradient * leverage);
    out[1] = Math.sqrt(leverage);
    out[2] = leverage;
    return;
  }
  out[0] = Math.sqrt(squaredGradient * leverage);
  out[1] = v * leverage;
  out[2] = formG / (1 + formG);
}

/** ‖W [x, 1]‖². */
function form(W: Float64Array, data: Float32Array | Float64Array, at: number, d: number): number {
  const q = d + 1;
  let sum = 0;
  let w = 0;
  // Four directions side by side: one alone waits for each of its additions.
  for (; w + 4 * q <= W.length; w += 4 * q) {
    let [a, b, c, e] = [0, 0, 0, 0];
    for (let j = 0; j < d; j++) {
      const x = data[at + j]!;
      a += W[w + j]! * x;
      b += W[w + q + j]! * x;
      c += W[w + 2 * q + j]! * x;
      e += W[w + 3 * q + j]! * x;
    }
    a += W[w + d]!;
    b += W[w + q + d]!;
    c += W[w + 2 * q + d]!;
    e += W[w + 3 * q + d]!;
    sum += a * a;
    sum += b * b;
    sum += c * c;
    sum += e * e;
  }
  while (w < W.length) {
    let dot = 0;
    for (let j = 0; j < d; j++) dot += W[w++]! * data[at + j]!;
    dot += W[w++]!;
    sum += dot * dot;
  }
  return sum;
}

/** The same, passing over zeros: W is read column by column. */
export function sparseForm(W: Float64Array, data: Float32Array | Float64Array, at: number, d: number): number {
  const { columns, dots } = transposedOf(W, d + 1);
  const n = dots.length;
  for (let a = 0, from = d * n; a < n; a++) dots[a] = columns[from + a]!;
  for (let j = 0; j < d; j++) {
    const x = data[at + j]!;
    if (x === 0) continue;
    for (let a = 0, from = j * n; a < n; a++) dots[a]! += x * columns[from + a]!;
  }
  let sum = 0;
  for (let a = 0; a < n; a++) sum += dots[a]! * dots[a]!;
  return sum;
}

interface Transposed {
  /** Shape (q, nDirections). */
  readonly columns: Float64Array;
  /** Shape (nDirections,): scratch. */
  readonly dots: Float64Array;
}

const transposed = new WeakMap<Float64Array, Transposed>();

function transposedOf(W: Float64Array, q: number): Transposed {
  let found = transposed.get(W);
  if (!found) {
    const n = W.length / q;
    const columns = new Float64Array(W.length);
    for (let a = 0; a < n; a++) for (let j = 0; j < q; j++) columns[j * n + a] = W[a * q + j]!;
    transposed.set(W, (found = { columns, dots: new Float64Array(n) }));
  }
  return found;
}

function shareNotZero(data: Float32Array | Float64Array): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++;
  return count / Math.max(1, data.length);
}

function rootsByClass(sample: WeightedRows, nClasses: number, most: number, rng: Rng): Float64Array {
  const { y, weight } = sample;
  const roots = Array.from({ length: nClasses }, (_, k) => {
    const own = weight.map((w, i) => (y[i] === k ? w : 0));
    return rootOf(sample, own, 0, most, rng.fork(`class ${k}`));
  });
  const out = new Float64Array(nClasses * roots[0]!.length);
  roots.forEach((root, k) => out.set(root, k * root.length));
  return out;
}

function rootOf(sample: WeightedRows, v: Float64Array, ridge: number, most: number, rng: Rng): Float64Array {
  const q = sample.X.nCols + 1;
  const gram = new Float64Array(q * q);
  addGram(sample.X, v, gram);
  mirrorLower(gram, q);
  for (let j = 0; j < q - 1; j++) gram[j * q + j]! += ridge;
  const W = flooredInverseRoot(gram, q);
  if (q <= most) return W;
  const scale = 1 / Math.sqrt(most);
  const out = new Float64Array(most * q);
  for (let a = 0; a < most; a++) {
    for (let k = 0; k < q; k++) {
      const r = scale * rng.normal();
      for (let j = 0; j < q; j++) out[a * q + j]! += r * W[k * q + j]!;
    }
  }
  return out;
}
