import type { TaskContext } from '../../kernels/task.ts';
import { returnArena, takeArena, type Arena } from '../../kernels/wasm/arena.ts';
import { instantiate, loadWasm } from '../../kernels/wasm/load.ts';
import type { KernelSpec } from './kernel.ts';
import { laneFloats, toLanes, type PaddedRows } from './rows.ts';

/** min ½ αᵀQα + pᵀα with yᵀα = 0, 0 ≤ α ≤ C and Q_uv = y_u y_v K(u mod n, v mod n); see assembly/svm.ts. */
export interface SmoProblem {
  readonly rows: PaddedRows;
  readonly kernel: KernelSpec;
  /** Shape (l,), l a multiple of the number of rows: 1 or −1. */
  readonly y: Float64Array;
  readonly p: Float64Array;
  readonly C: Float64Array;
  readonly tol: number;
  readonly isShrinking: boolean;
  readonly cacheBytes: number;
  readonly maxIter: number;
}

export interface SmoSolution {
  readonly alpha: Float64Array;
  /** Decision value = Σ y α K − rho. */
  readonly rho: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

/** Steps between looks at the clock. */
const STEPS = 500;

export async function solveSmo(problem: SmoProblem, task: TaskContext): Promise<SmoSolution> {
  const arena = takeArena();
  try {
    const wasm = instantiate(await loadWasm(), arena.memory);
    const at = place(problem, arena);
    const state = () => arena.f64(at.problem + 120, 2);
    let isDone = false;
    while (!isDone && state()[1]! < problem.maxIter) {
      isDone = wasm.smoSteps(at.problem, Math.min(STEPS, problem.maxIter - state()[1]!)) === 1;
      if (!task.isDue()) continue;
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: null, step: `Optimising, ${state()[1]} steps, violation ${state()[0]!.toPrecision(2)}` });
    }
    const l = problem.y.length;
    const alpha = arena.f64(at.alpha, l).slice();
    const rho = rhoOf(problem, alpha, arena.f64(at.grad, l));
    return { alpha, rho, iterations: state()[1]!, isConverged: isDone };
  } finally {
    returnArena(arena);
  }
}

function place(problem: SmoProblem, arena: Arena): { problem: number; alpha: number; grad: number } {
  const { rows, kernel, y, p, C, tol, isShrinking, cacheBytes } = problem;
  const { n, stride } = rows;
  const l = y.length;
  const put = (values: Float64Array) => {
    const at = arena.alloc(8 * values.length);
    arena.f64(at, values.length).set(values);
    return at;
  };
  const X = arena.alloc(4 * laneFloats(n, stride));
  toLanes(rows, arena.f32(X, laneFloats(n, stride)));
  const own = arena.alloc(4 * stride);
  const pitch = Math.ceil(n / 8) * 8;
  const [yAt, pAt, cAt, grad] = [put(y), put(p), put(C), put(p)];
  const alpha = arena.alloc(8 * l);
  const diag = put(kernel.diagonal(rows.norms));
  const active = arena.alloc(4 * l + l);
  arena.u32(active, l).set(Uint32Array.from({ length: l }, (_, i) => i));
  const nSlots = Math.max(2, Math.min(n, Math.floor(cacheBytes / (4 * n))));
  const slotOf = arena.alloc(4 * n);
  arena.i32(slotOf, n).fill(-1);
  const ownerOf = arena.alloc(4 * nSlots);
  arena.i32(ownerOf, nSlots).fill(-1);
  const usedAt = arena.alloc(4 * nSlots);
  const cache = arena.alloc(4 * pitch * nSlots);
  const at = arena.alloc(192);
  arena
    .i32(at, 24)
    .set([
      n,
      l,
      stride,
      kernel.code,
      kernel.degree,
      X,
      own,
      yAt,
      alpha,
      grad,
      cAt,
      diag,
      active,
      l,
      cache,
      nSlots,
      slotOf,
      ownerOf,
      usedAt,
      0,
      pAt,
      pitch,
      0,
      0,
    ]);
  arena.f64(at + 96, 5).set([kernel.gamma, kernel.coef0, tol, Infinity, 0]);
  arena.i32(at + 136, 2).set([isShrinking ? Math.min(l, 1000) : 0, 0]);
  return { problem: at, alpha, grad };
}

/** Mean of y·gradient over free variables, else the middle of what the bounds allow (as libsvm's calculate_rho). */
function rhoOf({ y, C }: SmoProblem, alpha: Float64Array, grad: Float64Array): number {
  let [upper, lower, sum, nFree] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < alpha.length; i++) {
    const g = y[i]! * grad[i]!;
    if (alpha[i]! >= C[i]!) {
      if (y[i]! < 0) upper = Math.min(upper, g);
      else lower = Math.max(lower, g);
    } else if (alpha[i]! <= 0) {
      if (y[i]! > 0) upper = Math.min(upper, g);
      else lower = Math.max(lower, g);
    } else {
      nFree++;
      sum += g;
    }
  }
  return nFree > 0 ? sum / nFree : (upper + lower) / 2;
}
