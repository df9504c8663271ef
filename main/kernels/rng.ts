/**
 * Seeded random numbers: xoshiro128** seeded by SplitMix32 (Blackman & Vigna 2018).
 * Randomness is always an argument in Pith; seed 0 is a seed like any other.
 */
export interface Rng {
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal deviate. */
  normal(): number;
  /** A stream of its own, determined by this generator's seed and `label`, not by how far it was used. */
  fork(label: string | number): Rng;
}

export function createRng(seed: number): Rng {
  return new Xoshiro(hash32(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0));
}

/** Fisher–Yates in place. */
export function shuffle<T extends { [index: number]: number; length: number }>(values: T, rng: Rng): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
  return values;
}

/** A random permutation of 0 … n-1. */
export function permutation(n: number, rng: Rng): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  return shuffle(order, rng);
}

class Xoshiro implements Rng {
  private readonly seed: number;
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spare: number | undefined;

  constructor(seed: number) {
    this.seed = seed;
    let s = seed;
    const next = () => {
      s = (s + 0x9e3779b9) >>> 0;
      return mix32(s);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next() | 1; // never the all-zero state
  }

  private next32(): number {
    const r = Math.imul(rotl(Math.imul(this.b, 5), 7), 9);
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = rotl(this.d, 11);
    return r >>> 0;
  }

  uniform(): number {
    return ((this.next32() >>> 5) * 67108864 + (this.next32() >>> 6)) / 9007199254740992;
  }

  int(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  normal(): number {
    if (this.spare !== undefined) {
      const kept = this.spare;
      this.spare = undefined;
      return kept;
    }
    // Marsaglia's polar method: no trigonometry, two deviates a round.
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const f = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = v * f;
      return u * f;
    }
  }

  fork(label: string | number): Rng {
    let h = this.seed;
    const text = String(label);
    for (let i = 0; i < text.length; i++) h = hash32(h, text.charCodeAt(i));
    return new Xoshiro(hash32(h, text.length));
  }
}

const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));

function mix32(z: number): number {
  let x = z;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

const hash32 = (a: number, b: number) => mix32((Math.imul(a, 0x9e3779b1) + mix32(b + 0x85ebca6b)) >>> 0);
