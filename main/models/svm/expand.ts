import type { Matrix } from '../../kernels/matrix.ts';
import { returnArena, takeArena } from '../../kernels/wasm/arena.ts';
import { instantiate, loadWasm } from '../../kernels/wasm/load.ts';
import type { KernelSpec } from './kernel.ts';
import { allRows, laneFloats, padRows, toLanes, type PaddedRows } from './rows.ts';

/** Σ_sv coef[o][sv] K(x, sv), shape (nRows, nOut). `coef` has shape (nOut, nSv). */
export async function expandKernel(
  X: Matrix,
  vectors: PaddedRows,
  kernel: KernelSpec,
  coef: Float64Array,
  nOut: number,
): Promise<Float64Array> {
  const out = new Float64Array(X.nRows * nOut);
  if (vectors.n === 0) return out;
  const arena = takeArena();
  try {
    const wasm = instantiate(await loadWasm(), arena.memory);
    const { n: nSv, stride } = vectors;
    const put64 = (values: Float64Array) => {
      const at = arena.alloc(8 * values.length);
      arena.f64(at, values.length).set(values);
      return at;
    };
    const V = arena.alloc(4 * laneFloats(nSv, stride));
    toLanes(vectors, arena.f32(V, laneFloats(nSv, stride)));
    const c = put64(coef);
    const scratch = arena.alloc(4 * nSv + 32);
    const block = Math.min(X.nRows, 4096);
    const A = arena.alloc(4 * block * stride);
    const outAt = arena.alloc(8 * block * nOut);
    for (let start = 0; start < X.nRows; start += block) {
      const count = Math.min(block, X.nRows - start);
      const rows = padRows(
        X,
        allRows(count).map((i) => i + start),
      );
      arena.f32(A, count * stride).set(rows.data);
      const { code, gamma, coef0, degree } = kernel;
      wasm.kernelExpand(code, gamma, coef0, degree, A, 0, count, V, nSv, stride, c, nOut, scratch, outAt);
      out.set(arena.f64(outAt, count * nOut), start * nOut);
    }
    return out;
  } finally {
    returnArena(arena);
  }
}
