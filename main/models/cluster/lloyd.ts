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
  private readonly stride: number;
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
    this.stride = Math.ceil(d / 4) * 4;
    this.mean = meanOf(X, w);
    this.X = arena.alloc(4 * n * this.stride);
    this.norms = arena.alloc(4 * n);
    this.labels = arena.alloc(4 * n);
    this.closest = arena.alloc(8 * n);
    this.weights = w ? arena.alloc(8 * n) : 0;
    if (w) arena.f64(this.weights, n).set(w);
    const out = arena.f32(this.X, n * this.stride);
    const norms = arena.f32(this.norms, n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) {
        const v = Math.fround(data[i * d + j]! - this.mean[j]!);
        out[i * this.stride + j] = v;
        sum += v * v;
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

  /**
   * k-means++ (Arthur & Vassilvitskii 2007) with 2 + log k candidates a step, as scikit-learn. Centres have shape
   * (k, stride), centred. Throws AppError TOO_FEW_DISTINCT_ROWS when k rows that differ cannot be found.
   */
  seed(k: number, rng: Rng): Float32Array {
    const { n, stride, arena } = this;
    const X = arena.f32(this.X, n * stride);
    const centres = new Float32Array(k * stride);
    const at = arena.alloc(4 * stride);
    const closest = arena.f64(this.closest, n);
    closest.fill(Infinity);
    const nTries = 2 + Math.floor(Math.log(k));
    const add = (row: number, c: number) => {
      const point = X.subarray(row * stride, row * stride + stride);
      centres.set(point, c * stride);
      arena.f32(at, stride).set(point);
      this.team.run(RowOp.closer, this.nChunks, [this.X, stride, n, at, this.closest]);
    };
    add(
      this.draw((i) => (this.w ? this.w[i]! : 1), rng),
      0,
    );
    for (let c = 1; c < k; c++) {
      const before = closest.slice();
      const potential = (i: number) => (this.w ? this.w[i]! : 1) * before[i]!;
      let best = { row: -1, total: Infinity };
      for (let t = 0; t < nTries; t++) {
        const row = this.draw(potential, rng);
        if (row < 0) throw tooFew(k, c);
        closest.set(before);
        add(row, c);
        let total = 0;
        for (let i = 0; i < n; i++) total += (this.w ? this.w[i]! : 1) * closest[i]!;
        if (total < best.total) best = { row, total };
      }
      closest.set(before);
      add(best.row, c);
    }
    return centres;
  }

  private draw(mass: (i: number) => number, rng: Rng): number {
    let total = 0;
    for (let i = 0; i < this.n; i++) total += mass(i);
    if (!(total > 0)) return -1;
    let left = rng.uniform() * total;
    let last = -1;
    for (let i = 0; i < this.n; i++) {
      const m = mass(i);
      if (m <= 0) continue;
      last = i;
      left -= m;
      if (left < 0) break;
    }
    return last;
  }

  private get nChunks(): number {
    return Math.ceil(this.n / ROW_CHUNK);
  }

  /** Lloyd's iterations until no centre moves by more than tol · mean variance, no label changes, or maxIter. */
  async lloyd(start: Float32Array, options: { maxIter: number; tol: number }, task: TaskContext): Promise<Clustering> {
    const { arena, stride, n, d } = this;
    const k = start.length / stride;
    const width = stride + 2;
    const centresAt = arena.alloc(4 * k * stride);
    const halfAt = arena.alloc(4 * k);
    const sumBytes = 8 * k * width;
    const sumsAt = arena.alloc(sumBytes * this.nChunks);
    const changedAt = arena.alloc(4 * this.nChunks);
    const centres = arena.f32(centresAt, k * stride);
    centres.set(start);
    arena.i32(this.labels, n).fill(-1);
    const limit = options.tol * this.meanVariance();
    let iterations = 0;
    let isConverged = false;
    let inertia = 0;
    const exact = new Float64Array(k * stride);
    for (;;) {
      this.fillHalfNorms(centres, halfAt, k);
      this.team.run(RowOp.assign, this.nChunks, [
        this.X,
        stride,
        n,
        centresAt,
        k,
        halfAt,
        this.labels,
        this.weights,
        this.norms,
        sumsAt,
        sumBytes,
        changedAt,
      ]);
      const total = sumChunks(arena.f64(sumsAt, k * width * this.nChunks), k * width);
      const changed = arena.i32(changedAt, this.nChunks).reduce((a, b) => a + b, 0);
      inertia = 0;
      for (let c = 0; c < k; c++) inertia += total[c * width + stride + 1]!;
      if (isConverged || changed === 0 || iterations >= options.maxIter) {
        isConverged ||= changed === 0;
        break;
      }
      iterations++;
      let moved = 0;
      for (let c = 0; c < k; c++) {
        const weight = total[c * width + stride]!;
        for (let j = 0; j < d; j++) {
          // An empty cluster keeps its centre; seeding makes that rare.
          const v = weight > 0 ? total[c * width + j]! / weight : centres[c * stride + j]!;
          exact[c * stride + j] = v;
          moved += (v - centres[c * stride + j]!) ** 2;
          centres[c * stride + j] = v;
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
      for (let j = 0; j < d; j++) out[c * d + j] = (iterations > 0 ? exact : centres)[c * stride + j]! + this.mean[j]!;
    }
    return { centres: out, labels: arena.i32(this.labels, n).slice(), inertia, iterations, isConverged };
  }

  /** Mini-batch k-means (Sculley 2010): centres drift to batches of random rows with falling rates. */
  miniBatches(start: Float32Array, batchSize: number, nBatches: number, rng: Rng): Float32Array {
    const { n, stride, arena, d } = this;
    const X = arena.f32(this.X, n * stride);
    const k = start.length / stride;
    const centres = Float64Array.from(start);
    const mass = new Float64Array(k);
    for (let b = 0; b < nBatches; b++) {
      for (let t = 0; t < batchSize; t++) {
        const row = rng.int(n) * stride;
        const w = this.w ? this.w[row / stride]! : 1;
        if (w === 0) continue;
        let [best, label] = [Infinity, 0];
        for (let c = 0; c < k; c++) {
          let sum = 0;
          for (let j = 0; j < d; j++) sum += (X[row + j]! - centres[c * stride + j]!) ** 2;
          if (sum < best) [best, label] = [sum, c];
        }
        mass[label]! += w;
        const rate = w / mass[label]!;
        for (let j = 0; j < d; j++) centres[label * stride + j]! += rate * (X[row + j]! - centres[label * stride + j]!);
      }
    }
    return Float32Array.from(centres);
  }

  private fillHalfNorms(centres: Float32Array, at: number, k: number): void {
    const half = this.arena.f32(at, k);
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < this.stride; j++) sum += centres[c * this.stride + j]! ** 2;
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
