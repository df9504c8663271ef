/** First usable byte; below it lies what AssemblyScript may keep for itself. */
const BASE = 4096;
const PAGE = 65536;
/** WebAssembly addresses 32 bits. */
export const MAX_BYTES = 65536 * PAGE;

/**
 * Memory that WebAssembly kernels and all threads of a team share, handed out from the front and never given back
 * piecewise: make one per fit. Addresses are byte offsets, aligned to 64 (a cache line).
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  private top = BASE;

  constructor(bytes = 0) {
    const pages = Math.min(65536, Math.ceil((bytes + BASE) / PAGE) + 1);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  }

  /** Address of `bytes` zeroed bytes; throws RangeError past 4 GiB. */
  alloc(bytes: number): number {
    const at = this.top;
    const end = at + Math.ceil(bytes / 64) * 64;
    if (end > MAX_BYTES - PAGE) {
      throw new RangeError(`Arena: ${Math.ceil(end / 2 ** 20)} MiB needed, WebAssembly memory ends at 4096 MiB`);
    }
    const have = this.memory.buffer.byteLength;
    if (end > have) this.memory.grow(Math.ceil((end - have) / PAGE));
    this.top = end;
    return at;
  }

  /** Forgets and zeroes everything handed out. */
  reset(): void {
    // As wide as they come: shared memory is filled element by element.
    new Float64Array(this.memory.buffer, BASE, (this.top - BASE) / 8).fill(0);
    this.top = BASE;
  }

  u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length);
  }
  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, at, length);
  }
  f32(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }
  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }
  i64(at: number, length: number): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, at, length);
  }
}

// Reserving 4 GiB of addresses for every small fit of a tuning run is slow to collect; small arenas are kept for reuse.
const KEEP_BYTES = 64 * 2 ** 20;
const kept: Arena[] = [];

/** An arena for one fit; give it back with `returnArena` in `finally`. */
export function takeArena(): Arena {
  return kept.pop() ?? new Arena();
}

/** Makes `arena` available to the next fit; nothing may keep views or threads on it. */
export function returnArena(arena: Arena): void {
  if (kept.length >= 2 || arena.memory.buffer.byteLength > KEEP_BYTES) return;
  arena.reset();
  kept.push(arena);
}
