import { AppError } from '../../contract/errors.ts';
import { LEAF, type Ensemble } from '../../kernels/trees/ensemble.ts';

/** What assembly/shap.ts needs of some leaves of an ensemble, for one output. */
export interface ShapTables {
  /** Shape (nLeaves, 4). */
  readonly leaves: Uint32Array;
  /** Shape (nEntries, 4). */
  readonly paths: Uint32Array;
  /** Shape (nEntries,). */
  readonly features: Uint32Array;
  readonly tables: Float64Array;
  /** Mean of the output over the rows the trees were grown on, as far as these leaves make it up. */
  readonly base: number;
}

/** Leaves with more features on their path get no table: it would have a row per subset. */
const MAX_TABLE_FEATURES = 8;
/** A row's failed questions are bits of one word. */
const MAX_PATH_FEATURES = 64;
/** Numbers in the tables of one batch (16 MB): the tables of a deep forest would take gigabytes. */
const BATCH_NUMBERS = 2 ** 21;
const BATCH_ENTRIES = 2 ** 19;

interface Step {
  readonly node: number;
  readonly goesLeft: number;
}

/**
 * Tables for the trees that add to `output`, a batch of leaves at a time; values times `scale`.
 * Throws AppError EXPLAIN_NOT_FOR_MODEL when a path asks about more than 64 features.
 * @param output column of the output, for ensembles with several
 */
export function* shapTables(ensemble: Ensemble, output: number, scale: number): Generator<ShapTables> {
  const column = ensemble.nOut === 1 ? 0 : output;
  let batch = new Batch();
  for (let t = 0; t + 1 < ensemble.roots.length; t++) {
    if (ensemble.nOut === 1 && t % ensemble.width !== output) continue;
    for (const { leaf, steps } of leafPaths(ensemble, ensemble.roots[t]!)) {
      batch.add(ensemble, ensemble.values[leaf * ensemble.nOut + column]! * scale, steps);
      if (!batch.isFull) continue;
      yield batch.taken();
      batch = new Batch();
    }
  }
  yield batch.taken();
}

class Batch {
  private readonly leaves: number[] = [];
  private readonly paths: number[] = [];
  private readonly features: number[] = [];
  private tables = new Float64Array(2 ** 12);
  private nNumbers = 0;
  private base = 0;

  get isFull(): boolean {
    return this.nNumbers >= BATCH_NUMBERS || this.features.length >= BATCH_ENTRIES;
  }

  add(ensemble: Ensemble, value: number, steps: readonly Step[]): void {
    const { slots, z, unique } = fractions(ensemble, steps);
    if (unique.length > MAX_PATH_FEATURES)
      throw new AppError({
        code: 'EXPLAIN_NOT_FOR_MODEL',
        message: `Exact contributions cannot be computed for trees with more than ${MAX_PATH_FEATURES} columns on one path.`,
        fix: { kind: 'chooseQuestion', label: 'Look at permutation importance and dependence, or limit the depth' },
      });
    this.base += z.reduce((a, b) => a * b, value);
    this.leaves.push(this.features.length, steps.length, this.nNumbers, unique.length);
    steps.forEach(({ node, goesLeft }, k) => {
      this.paths.push(slots[k]!, node, goesLeft, 0);
      this.features.push(unique[k] ?? 0);
    });
    const m = z.length;
    if (m <= MAX_TABLE_FEATURES) fillTable(this.room(m * 2 ** m), value, z);
    else {
      const { points, weights } = gaussLegendre(Math.ceil(m / 2));
      const direct = [value, ...z, points.length, ...points, ...weights];
      this.room(direct.length).set(direct);
    }
  }

  taken(): ShapTables {
    return {
      leaves: Uint32Array.from(this.leaves),
      paths: Uint32Array.from(this.paths),
      features: Uint32Array.from(this.features),
      tables: this.tables.subarray(0, this.nNumbers),
      base: this.base,
    };
  }

  /** The next `length` numbers of the tables, zero. */
  private room(length: number): Float64Array {
    const end = this.nNumbers + length;
    if (end > this.tables.length) {
      const larger = new Float64Array(Math.max(end, 2 * this.tables.length));
      larger.set(this.tables.subarray(0, this.nNumbers));
      this.tables = larger;
    }
    const place = this.tables.subarray(this.nNumbers, end);
    this.nNumbers = end;
    return place;
  }
}

function leafPaths(e: Ensemble, root: number): { leaf: number; steps: Step[] }[] {
  const out: { leaf: number; steps: Step[] }[] = [];
  const open: { node: number; steps: Step[] }[] = [{ node: root, steps: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, steps } = next;
    if (e.flags[node]! & LEAF) {
      out.push({ leaf: node, steps });
      continue;
    }
    open.push({ node: e.right[node]!, steps: [...steps, { node, goesLeft: 0 }] });
    open.push({ node: e.left[node]!, steps: [...steps, { node, goesLeft: 1 }] });
  }
  return out;
}

/** A slot per distinct feature of the path, with the share of weight that its questions let through. */
function fractions(e: Ensemble, steps: readonly Step[]): { slots: number[]; z: number[]; unique: number[] } {
  const slotOf = new Map<number, number>();
  const z: number[] = [];
  const slots = steps.map(({ node, goesLeft }) => {
    const feature = e.feature[node]!;
    const slot = slotOf.get(feature) ?? slotOf.size;
    slotOf.set(feature, slot);
    const child = goesLeft ? e.left[node]! : e.right[node]!;
    // Refitted trees may have leaves no row reached: a tiny share keeps divisions finite.
    z[slot] = (z[slot] ?? 1) * Math.max(e.cover[child]! / e.cover[node]!, 1e-12);
    return slot;
  });
  return { slots, z, unique: [...slotOf.keys()] };
}

/**
 * Adds v Σ_q w_q (o_k − z_k) Π_{j≠k} (z_j (1 − t_q) + o_j t_q) to `table`, shape (2^m, m), by pattern o of satisfied slots.
 * The product of a pattern follows from that of the pattern without its highest slot, so each entry costs one step.
 */
function fillTable(table: Float64Array, value: number, z: readonly number[]): void {
  const m = z.length;
  const { points, weights } = gaussLegendre(Math.max(1, Math.ceil(m / 2)));
  const products = new Float64Array(2 ** m);
  const [ifFailed, ifMet] = [new Float64Array(m), new Float64Array(m)];
  for (let q = 0; q < points.length; q++) {
    const t = points[q]!;
    let none = value * weights[q]!;
    for (let k = 0; k < m; k++) {
      const failed = z[k]! * (1 - t);
      ifFailed[k] = -z[k]! / failed;
      ifMet[k] = (1 - z[k]!) / (failed + t);
      none *= failed;
    }
    products[0] = none;
    for (let k = 0; k < m; k++) {
      const failed = z[k]! * (1 - t);
      const ratio = (failed + t) / failed;
      for (let p = 0, half = 1 << k; p < half; p++) products[p + half] = products[p]! * ratio;
    }
    for (let p = 0, at = 0; p < products.length; p++) {
      const product = products[p]!;
      for (let k = 0; k < m; k++) table[at++]! += product * ((p >> k) & 1 ? ifMet[k]! : ifFailed[k]!);
    }
  }
}

const rules = new Map<number, { readonly points: readonly number[]; readonly weights: readonly number[] }>();

/** Points and weights on [0, 1], exact for polynomials of degree 2n − 1; Newton's method on the Legendre recurrence. */
function gaussLegendre(n: number): { readonly points: readonly number[]; readonly weights: readonly number[] } {
  const known = rules.get(n);
  if (known) return known;
  const points: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [p, before] = [1, 0];
      for (let k = 1; k <= n; k++) [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      slope = (n * (x * p - before)) / (x * x - 1);
      const move = p / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    points.push((1 + x) / 2);
    weights.push(1 / ((1 - x * x) * slope * slope));
  }
  const rule = { points, weights };
  rules.set(n, rule);
  return rule;
}
