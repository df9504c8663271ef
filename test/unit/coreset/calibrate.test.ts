import { describe, expect, test } from 'vitest';
import { calibrate as calibrateWith, type CalibrationOptions } from '../../../main/coreset/calibrate.ts';
import { createRng } from '../../../main/kernels/rng.ts';

/** With the spread of the columns over the rows themselves. */
function calibrate(Z: Float64Array, k: number, totals: Float64Array, base: Float64Array, options?: CalibrationOptions) {
  const spread = new Float64Array(k);
  Z.forEach((z, at) => (spread[at % k]! += (z * z) / (Z.length / k)));
  return calibrateWith(Z, k, totals, base, spread.map(Math.sqrt), options);
}

function problem(m: number, k: number, seed: number) {
  const rng = createRng(seed);
  const Z = Float64Array.from({ length: m * k }, (_, at) => (at % k === 0 ? 1 : rng.normal()));
  const base = Float64Array.from({ length: m }, () => 0.5 + rng.uniform());
  // Totals of other weights: reachable.
  const truth = base.map((w) => w * (0.7 + 0.6 * rng.uniform()));
  const totals = totalsOf(Z, k, truth);
  return { Z, base, totals };
}

function totalsOf(Z: Float64Array, k: number, w: Float64Array): Float64Array {
  const out = new Float64Array(k);
  w.forEach((v, i) => {
    for (let j = 0; j < k; j++) out[j]! += v * Z[i * k + j]!;
  });
  return out;
}

describe('calibrate', () => {
  test.each([
    { m: 200, k: 3 },
    { m: 400, k: 40 },
    { m: 60, k: 30 },
  ])('reaches totals that can be reached, m = $m, k = $k', ({ m, k }) => {
    const { Z, base, totals } = problem(m, k, m + k);
    const { weights, isConverged, worstMiss } = calibrate(Z, k, totals, base, {
      softness: 1e-6,
      lower: 0.1,
      upper: 10,
    });
    expect(isConverged).toBe(true);
    expect(worstMiss).toBeLessThan(1e-4);
    totalsOf(Z, k, weights).forEach((t, j) => expect(t).toBeCloseTo(totals[j]!, 2));
  });

  test('weights stay within their bounds when the totals cannot be reached', () => {
    const { Z, base, totals } = problem(50, 4, 3);
    const far = totals.map((t) => 40 * t);
    const { weights } = calibrate(Z, 4, far, base, { softness: 5, lower: 0.1, upper: 10 });
    const factors = weights.map((w, i) => w / base[i]!);
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.1 - 1e-9);
    expect(Math.max(...factors)).toBeLessThanOrEqual(10 + 1e-9);
  });

  // A label that flips on a row of great weight and leverage sends the first step past every exponent.
  test('the same weights from anywhere, though a row outweighs all others', () => {
    const [m, k] = [300, 6];
    const { Z, base, totals } = problem(m, k, 5);
    for (let j = 1; j < k; j++) Z[7 * k + j] = 400 * (j % 2 ? 1 : -1);
    base[7] = 9;
    for (let j = 1; j < k; j++) totals[j]! += 900 * (j - 3);
    const spread = new Float64Array(k).fill(1);
    const options = { softness: 0.3, lower: 0.1, upper: 10 };
    const cold = calibrateWith(Z, k, totals, base, spread, options);
    expect(cold.isConverged).toBe(true);
    const lambda = cold.lambda.map((v, j) => v + 30 * (j % 2 ? 1 : -1));
    const warm = calibrateWith(Z, k, totals, base, spread, options, { lambda });
    expect(warm.isConverged).toBe(true);
    warm.weights.forEach((w, i) => expect(w).toBeCloseTo(cold.weights[i]!, 4));
    // What is left unmet is κλ, in units of rows of mean weight 1: the first-order condition.
    const unit = m / base.reduce((sum, w) => sum + w);
    totalsOf(Z, k, cold.weights).forEach((reached, j) => {
      expect(unit * (totals[j]! - reached)).toBeCloseTo(0.3 * cold.lambda[j]!, 3);
    });
  });

  test('totals that hold already change nothing', () => {
    const { Z, base } = problem(80, 5, 11);
    const { weights } = calibrate(Z, 5, totalsOf(Z, 5, base), base);
    weights.forEach((w, i) => expect(w).toBeCloseTo(base[i]!, 9));
  });

  test('units of a column do not matter', () => {
    const { Z, base, totals } = problem(100, 3, 5);
    const scaled = Z.map((z, at) => (at % 3 === 1 ? 1e4 * z : z));
    const more = calibrate(scaled, 3, totals.with(1, 1e4 * totals[1]!), base);
    calibrate(Z, 3, totals, base).weights.forEach((w, i) => expect(more.weights[i]!).toBeCloseTo(w, 7));
  });

  test.each([
    { name: 'a column of zeros', fill: 0 },
    { name: 'a copy of another column', fill: null },
  ])('copes with $name', ({ fill }) => {
    const { Z, base, totals } = problem(100, 3, 8);
    const spoilt = Z.map((z, at) => (at % 3 === 2 ? (fill ?? Z[at - 1]!) : z));
    const { weights, isConverged } = calibrate(spoilt, 3, totals.with(2, fill ?? totals[1]!), base);
    expect(isConverged).toBe(true);
    expect(weights.every((w) => w > 0 && Number.isFinite(w))).toBe(true);
  });

  test('nothing to weigh', () => {
    expect(calibrate(new Float64Array(0), 2, new Float64Array(2), new Float64Array(0)).weights).toHaveLength(0);
    const none = calibrate(new Float64Array([1, 1]), 1, new Float64Array([5]), new Float64Array(2));
    expect([...none.weights]).toEqual([0, 0]);
  });
});
