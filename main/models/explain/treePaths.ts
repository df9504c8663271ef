import { LEAF, type Ensemble } from '../../kernels/trees/ensemble.ts';

/** Everything assembly/shap.ts needs of the leaves of an ensemble, for one output. */
export interface ShapTables {
  /** Shape (nLeaves, 4). */
  readonly leaves: Uint32Array;
  /** Shape (nEntries, 4). */
  readonly paths: Uint32Array;
  /** Shape (nEntries,). */
  readonly features: Uint32Array;
  readonly tables: Float64Array;
  /** Mean of the output over the rows the trees were grown on. */
  readonly base: number;
}

/** Leaves with more features on their path get no table: it would have a row per subset. */
const MAX_TABLE_FEATURES = 8;

interface Step {
  readonly node: number;
  readonly goesLeft: number;
}

/**
 * Tables for the trees that add to `output`; values times `scale`.
 * @param output column of the output, for ensembles with several
 */
export function shapTables(ensemble: Ensemble, output: number, scale: number): ShapTables {
  const leaves: number[] = [];
  const paths: number[] = [];
  const features: number[] = [];
  const tables: number[] = [];
  let base = 0;
  for (let t = 0; t + 1 < ensemble.roots.length; t++) {
    if (ensemble.nOut === 1 && t % ensemble.width !== output) continue;
    for (const { leaf, steps } of leafPaths(ensemble, ensemble.roots[t]!)) {
      const column = ensemble.nOut === 1 ? 0 : output;
      const value = ensemble.values[leaf * ensemble.nOut + column]! * scale;
      const { slots, z, unique } = fractions(ensemble, steps);
      base += value * z.reduce((a, b) => a * b, 1);
      leaves.push(features.length, steps.length, tables.length, unique.length);
      steps.forEach(({ node, goesLeft }, k) => {
        paths.push(slots[k]!, node, goesLeft, 0);
        features.push(unique[k] ?? 0);
      });
      if (unique.length > MAX_TABLE_FEATURES) pushDirect(tables, value, z);
      else pushTable(tables, value, z);
    }
  }
  return {
    leaves: Uint32Array.from(leaves),
    paths: Uint32Array.from(paths),
    features: Uint32Array.from(features),
    tables: Float64Array.from(tables),
    base,
  };
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

function pushTable(tables: number[], value: number, z: readonly number[]): void {
  const m = z.length;
  const { points, weights } = gaussLegendre(Math.max(1, Math.ceil(m / 2)));
  const phi = new Float64Array(m);
  for (let pattern = 0; pattern < 2 ** m; pattern++) {
    phi.fill(0);
    points.forEach((t, q) => {
      const factor = z.map((zk, k) => zk * (1 - t) + ((pattern >> k) & 1) * t);
      const product = factor.reduce((a, b) => a * b, value * weights[q]!);
      for (let k = 0; k < m; k++) phi[k]! += (product / factor[k]!) * (((pattern >> k) & 1) - z[k]!);
    });
    for (let k = 0; k < m; k++) tables.push(phi[k]!);
  }
}

function pushDirect(tables: number[], value: number, z: readonly number[]): void {
  const { points, weights } = gaussLegendre(Math.ceil(z.length / 2));
  tables.push(value, ...z, points.length, ...points, ...weights);
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
