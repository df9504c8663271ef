import type { Kernels } from '../../kernels/threads/chunks.ts';
import { Arena } from '../../kernels/wasm/arena.ts';
import { instantiate } from '../../kernels/wasm/load.ts';
import type { Rows } from '../rows.ts';
import { restorePilot } from '../services/registry.ts';
import type { PilotState, Visit } from '../services/service.ts';

/**
 * Rows a block holds, by the rows of a chunk and not by the number of threads, so that sums come out the same for any. Large
 * blocks have fewer sums to add up; 16 of a chunk leave every thread its share.
 */
export const blockRows = (nRows: number): number => Math.max(2048, Math.min(8192, 2048 * Math.floor(nRows / 32_768)));

export interface PassShape {
  readonly nRows: number;
  readonly nFeatures: number;
  readonly nStatistics: number;
  readonly nParts: number;
  readonly isFloat32: boolean;
  /** Scores and keys are computed only where a draw follows. */
  readonly hasScores: boolean;
  /** Squares of the statistics too. */
  readonly hasSquares: boolean;
}

export interface SharedPass {
  readonly shape: PassShape;
  readonly memory: SharedArrayBuffer | null;
  readonly pilot?: PilotState;
  /** The compiled kernels. */
  readonly module?: WebAssembly.Module;
}

/** Chunks there is room for: one is read while the other is summed. */
export const N_SLOTS = 2;

/** Bytes of shared memory a pass takes. */
export const sharedBytes = (shape: PassShape): number => N_SLOTS * layoutShared({ shape, memory: null }, 0).bytes;

/** Places of the arrays of one chunk in shared memory. */
export function layoutShared({ shape, memory }: Pick<SharedPass, 'shape' | 'memory'>, slot: number) {
  const { nRows, nFeatures, nStatistics, nParts, isFloat32 } = shape;
  const blocks = Math.ceil(nRows / blockRows(nRows));
  let bytes = 0;
  const place = (length: number, width: number) => {
    const at = bytes;
    bytes += Math.ceil((length * width) / 8) * 8;
    return at;
  };
  const x = place(nRows * nFeatures, isFloat32 ? 4 : 8);
  const [y, weight, score, key] = [place(nRows, 8), place(nRows, 8), place(nRows, 8), place(nRows, 8)];
  const totals = place(blocks * nParts * nStatistics, 8);
  const nSquares = shape.hasSquares ? blocks * nStatistics : 0;
  const squares = place(nSquares, 8);
  const part = place(nRows, 1);
  const buffer = memory ?? new SharedArrayBuffer(0);
  const start = slot * bytes;
  const f64 = (at: number, length: number) => new Float64Array(buffer, memory ? start + at : 0, memory ? length : 0);
  const nX = memory ? nRows * nFeatures : 0;
  const xAt = memory ? start + x : 0;
  return {
    bytes,
    X: isFloat32 ? new Float32Array(buffer, xAt, nX) : new Float64Array(buffer, xAt, nX),
    y: f64(y, nRows),
    weight: f64(weight, nRows),
    score: f64(score, nRows),
    key: f64(key, nRows),
    totals: f64(totals, blocks * nParts * nStatistics),
    squares: f64(squares, nSquares),
    part: new Uint8Array(buffer, memory ? start + part : 0, memory ? nRows : 0),
  };
}

export function createKernels(given: unknown): Kernels {
  const shared = given as Required<SharedPass>;
  const pilot = restorePilot(shared.pilot);
  const arena = new Arena();
  const fast = pilot.fastVisit?.({ wasm: instantiate(shared.module, arena.memory), arena });
  const visit = fast ?? ((rows: Rows, out: Visit) => pilot.visit(rows, out));
  const slots = Array.from({ length: N_SLOTS }, (_, slot) => layoutShared(shared, slot));
  const { nFeatures: d, nParts, nStatistics, hasScores, hasSquares } = shared.shape;
  const size = blockRows(shared.shape.nRows);
  return [
    // [nRows, slot]
    function visitBlock(block, args) {
      const views = slots[args[1]!]!;
      const from = block * size;
      const to = Math.min(args[0]!, from + size);
      const width = nParts * nStatistics;
      const totals = views.totals.subarray(block * width, (block + 1) * width).fill(0);
      const rows = {
        X: { data: views.X.subarray(from * d, to * d), nRows: to - from, nCols: d },
        y: views.y.subarray(from, to),
        weight: views.weight.subarray(from, to),
      };
      const score = hasScores ? views.score.subarray(from, to) : undefined;
      const key = hasScores ? views.key.subarray(from, to) : undefined;
      const at = block * nStatistics;
      const squares = hasSquares ? views.squares.subarray(at, at + nStatistics).fill(0) : undefined;
      visit(rows, { score, key, totals, squares, part: views.part.subarray(from, to) });
    },
  ];
}
