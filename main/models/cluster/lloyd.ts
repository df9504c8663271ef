import type { Matrix } from '../../kernels/matrix.ts';
import type { Rng } from '../../kernels/rng.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Team } from '../../kernels/threads/team.ts';
import type { Arena } from '../../kernels/wasm/arena.ts';
import { ROW_CHUNK, RowOp } from '../../kernels/wasm/rowKernels.ts';
import { AppError } from '../../contract/errors.ts';

export interface Clustering {
  /** Shape (k, d). */
  readonly centres: Float64Array;
  readonly labels: Int32Array;
  /** Σ weight · squared distance to the nearest centre. */
  readonly inertia: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

/** Rows in shared memory, and Lloyd's algorithm on them. Rows are centred: float32 keeps its digits for distances. */
export class KMeansRows {
  readonly n: number;
  readonly d: number;
  private readonly arena: Arena;
  private readonly team: Team;
  private readonly X: number;
  private readonly norms: number;
  private readonly weights: number;
  private readonly labels: number;
  private readonly closest: number;
  private readonly mean: Float64Array;
  private readonly w: Float64Array | undefined;

  /** Throws AppError FEATURE_HAS_MISSING. */
  constructor(X: Matrix, w: Float64Array | undefined, arena: Arena, team: Team) {
    const { nRows: n, nCols: d, data } = X;
    this.n = n;
    this.d = d;
    this.arena = arena;
    this.team = team;
    this.w = w;
    this.mean = meanOf(X, w);
    this.X = arena.alloc(32 * d * Math.ceil(n / 8));
    this.norms = arena.alloc(4 * n);
    this.labels = arena.alloc(4 * n);
    this.closest = arena.alloc(8 * n);
    this.weights = w ? arena.alloc(8 * n) : 0;
    if (w) arena.f64(this.weights, n).set(w);
    const out = this.blocks();
    const norms = arena.f32(this.norms, n);
    const mean = Float64Array.from(this.mean);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      let at = this.placeOf(i, 0);
      const from = i * d;
      for (let j = 0; j < d; j++) {
        const v = Math.fround(data[from + j]! - mean[j]!);
        out[at] = v;
        sum += v * v;
        at += 4;
      }
      if (!Number.isFinite(sum)) {
        throw new AppError({
          code: 'FEATURE_HAS_MISSING',
          message: `Row ${i + 1} has a missing or infinite value; k-means needs numbers.`,
          fix: { kind: 'setParam', label: 'Fill missing values', args: { name: 'preprocess.impute', value: 'median' } },
        });
      }
      norms[i] = sum;
    }
  }

  /** Rows in blocks of four, see assembly/kmeans.ts. */
  private blocks(): Float32Array {
    return this.arena.f32(this.X, 4 * this.d * Math.ceil(this.n / 4));
  }

  private placeOf(row: number, feature: number): number {
    return ((row >> 2) * this.d + feature) * 4 + (row & 3);
  }

  private row(i: number): Float32Array {
    const X = this.blocks();
    return Float32Array.from({ length: this.d }, (_, j) => X[this.placeOf(i, j)]!);
  }

  /**
   * k-means++ (Arthur & Vassilvitskii 2007) with 2 + log k candidates a step, as scikit-learn. Centres have shape
   * (k, d), centred. Throws AppError TOO_FEW_DISTINCT_ROWS when k rows that differ cannot be found.
   */
  seed(k: number, rng: Rng): Float32Array {
    const { n, d, arena } = this;
    const centres = new Float32Array(k * d);
    const closest = arena.f64(this.closest, n);
    const nTries = 2 + Math.floor(Math.log(k));
    const pointsAt = arena.alloc(4 * d * nTries);
    const sumsAt = arena.alloc(8 * nTries * this.nChunks);
    /** Sums by chunk of candidate rows; the first becomes a centre when `keep`. */
    const weigh = (rows: readonly number[], keep: boolean): Float64Array => {
      const points = arena.f32(pointsAt, d * rows.length);
      rows.forEach((row, c) => points.set(this.row(row), c * d));
      const args = [this.X, d, n, pointsAt, rows.length, this.closest, this.weights, Number(keep), sumsAt];
      this.team.run(RowOp.candidates, this.nChunks, args);
      return arena.f64(sumsAt, rows.length * this.nChunks).slice();
    };
    closest.fill(1);
    const ones = Float64Array.from({ length: this.nChunks }, (_, c) => this.massOf(c, closest));
    const first = this.draw(ones, closest, rng);
    closest.fill(Infinity);
    let masses = weigh([first], true);
    centres.set(this.row(first));
    for (let c = 1; c < k; c++) {
      const tries = Array.from({ length: nTries }, () => this.draw(masses, closest, rng));
      if (tries[0]! < 0) throw tooFew(k, c);
      const sums = weigh(tries, false);
      const totals = tries.map((_, t) => {
        let total = 0;
        for (let chunk = 0; chunk < this.nChunks; chunk++) total += sums[chunk * nTries + t]!;
        return total;
      });
      const row = tries[totals.indexOf(Math.min(...totals))]!;
      masses = weigh([row], true);
      centres.set(this.row(row), c * d);
    }
    return centres;
  }

  /** Centres of raw rows as those of the rows here. */
  centred(centres: Float64Array): Float32Array {
    return Float32Array.from(centres, (v, at) => v - this.mean[at % this.d]!);
  }

  private massOf(chunk: number, closest: Float64Array): number {
    let sum = 0;
    const end = Math.min(this.n, (chunk + 1) * ROW_CHUNK);
    for (let i = chunk * ROW_CHUNK; i < end; i++) sum += (this.w ? this.w[i]! : 1) * closest[i]!;
    return sum;
  }

  /** A row with probability proportional to weight · closest; −1 when all of that is 0. `masses` holds its sums by chunk. */
  private draw(masses: Float64Array, closest: Float64Array, rng: Rng): number {
    let left = rng.uniform() * masses.reduce((a, b) => a + b, 0);
    let last = -1;
    for (let chunk = 0; chunk < masses.length; chunk++) {
      if (masses[chunk]! <= 0) continue;
      const isLastChunk = chunk + 1 === masses.length;
      if (left >= masses[chunk]! && !isLastChunk) {
        left -= masses[chunk]!;
        last = -1 - chunk;
        continue;
      }
      const end = Math.min(this.n, (chunk + 1) * ROW_CHUNK);
      for (let i = chunk * ROW_CHUNK; i < end; i++) {
        const m = (this.w ? this.w[i]! : 1) * closest[i]!;
        if (m <= 0) continue;
        last = i;
        left -= m;
        if (left < 0) return i;
      }
    }
    return last >= 0 ? last : closest.findIndex((v, i) => v * (this.w ? this.w[i]! : 1) > 0);
  }

  private get nChunks(): number {
    return Math.ceil(this.n / ROW_CHUNK);
  }

  /** Lloyd's iterations until no centre moves by more than tol · mean variance, no label changes, or maxIter. */
  async lloyd(start: Float32Array, options: { maxIter: number; tol: number }, task: TaskContext): Promise<Clustering> {
    const { arena, n, d } = this;
    const k = start.length / d;
    const kPad = Math.ceil(k / 2) * 2;
    const width = d + 1;
    const centresAt = arena.alloc(4 * kPad * d);
    const halfAt = arena.alloc(4 * kPad);
    const sumBytes = 8 * k * width;
    const sumsAt = arena.alloc(sumBytes * this.nChunks);
    const scratchAt = arena.alloc(64 * this.nChunks);
    const outAt = arena.alloc(16 * this.nChunks);
    const centres = Float64Array.from(start);
    const total = new Float64Array(k * width);
    arena.i32(this.labels, n).fill(-1);
    const limit = options.tol * this.meanVariance();
    let [iterations, inertia, isConverged] = [0, 0, false];
    for (;;) {
      this.placeCentres(centres, centresAt, halfAt, k, kPad);
      this.team.run(RowOp.assign, this.nChunks, [
        this.X,
        d,
        n,
        centresAt,
        k,
        kPad,
        halfAt,
        this.labels,
        this.weights,
        this.norms,
        sumsAt,
        sumBytes,
        scratchAt,
        outAt,
      ]);
      const changes = sumChunks(arena.f64(sumsAt, k * width * this.nChunks), k * width);
      for (let i = 0; i < total.length; i++) total[i]! += changes[i]!;
      const [sum, changed] = sumChunks(arena.f64(outAt, 2 * this.nChunks), 2) as unknown as [number, number];
      inertia = sum;
      if (isConverged || changed === 0 || iterations >= options.maxIter) {
        isConverged ||= changed === 0;
        break;
      }
      iterations++;
      let moved = 0;
      for (let c = 0; c < k; c++) {
        const weight = total[c * width + d]!;
        // An empty cluster keeps its centre; seeding makes that rare.
        if (!(weight > 0)) continue;
        for (let j = 0; j < d; j++) {
          const v = total[c * width + j]! / weight;
          moved += (v - centres[c * d + j]!) ** 2;
          centres[c * d + j] = v;
        }
      }
      isConverged = moved <= limit;
      task.point('inertia', iterations, inertia);
      if (task.isDue()) {
        await task.yield();
        task.signal.throwIfAborted();
        task.report({
          fraction: Math.min(0.99, iterations / options.maxIter),
          step: `Clustering, iteration ${iterations}`,
        });
      }
    }
    const out = new Float64Array(k * d);
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) out[c * d + j] = centres[c * d + j]! + this.mean[j]!;
    }
    return { centres: out, labels: arena.i32(this.labels, n).slice(), inertia, iterations, isConverged };
  }

  /** Mini-batch k-means (Sculley 2010): centres drift to batches of random rows with falling rates. */
  miniBatches(start: Float32Array, batchSize: number, nBatches: number, rng: Rng): Float32Array {
    const { n, d } = this;
    const X = this.blocks();
    const k = start.length / d;
    const centres = Float64Array.from(start);
    const mass = new Float64Array(k);
    for (let b = 0; b < nBatches; b++) {
      for (let t = 0; t < batchSize; t++) {
        const row = rng.int(n);
        const w = this.w ? this.w[row]! : 1;
        if (w === 0) continue;
        let [best, label] = [Infinity, 0];
        for (let c = 0; c < k; c++) {
          let sum = 0;
          for (let j = 0; j < d; j++) sum += (X[this.placeOf(row, j)]! - centres[c * d + j]!) ** 2;
          if (sum < best) [best, label] = [sum, c];
        }
        mass[label]! += w;
        const rate = w / mass[label]!;
        for (let j = 0; j < d; j++)
          centres[label * d + j]! += rate * (X[this.placeOf(row, j)]! - centres[label * d + j]!);
      }
    }
    return Float32Array.from(centres);
  }

  /** One column a centre, and half their squared norms; columns that only fill up can never win. */
  private placeCentres(centres: Float64Array, at: number, halfAt: number, k: number, kPad: number): void {
    const columns = this.arena.f32(at, kPad * this.d);
    const half = this.arena.f32(halfAt, kPad).fill(Infinity);
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < this.d; j++) {
        const v = centres[c * this.d + j]!;
        columns[j * kPad + c] = v;
        sum += v * v;
      }
      half[c] = sum / 2;
    }
  }

  private meanVariance(): number {
    const norms = this.arena.f32(this.norms, this.n);
    let [sum, total] = [0, 0];
    for (let i = 0; i < this.n; i++) {
      const w = this.w ? this.w[i]! : 1;
      sum += w * norms[i]!;
      total += w;
    }
    return sum / total / this.d;
  }
}

function sumChunks(sums: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length);
  for (let at = 0; at < sums.length; at += length) for (let i = 0; i < length; i++) out[i]! += sums[at + i]!;
  return out;
}

function meanOf({ data, nRows, nCols }: Matrix, w: Float64Array | undefined): Float64Array {
  const mean = new Float64Array(nCols);
  let total = 0;
  for (let i = 0; i < nRows; i++) {
    const wi = w ? w[i]! : 1;
    total += wi;
    for (let j = 0; j < nCols; j++) mean[j]! += wi * data[i * nCols + j]!;
  }
  return mean.map((v) => v / total);
}

function tooFew(k: number, found: number): AppError {
  return new AppError({
    code: 'TOO_FEW_DISTINCT_ROWS',
    message: `k-means was asked for ${k} clusters, but there are only ${found} distinct rows.`,
    fix: { kind: 'setParam', label: `Use ${found} clusters`, args: { name: 'nClusters', value: found } },
  });
}
