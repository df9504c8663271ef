/**
 * MurmurHash3 x86_32 (Appleby, public domain) of a text's UTF-8 bytes with seed 0, as a signed 32-bit integer: what
 * scikit-learn's FeatureHasher and ONNX Runtime's MurmurHash3 compute.
 */
export function murmur3(text: string): number {
  const bytes = encoder.encode(text);
  const nBlocks = bytes.length >> 2;
  let h = 0;
  for (let b = 0; b < nBlocks; b++) {
    const k = bytes[4 * b]! | (bytes[4 * b + 1]! << 8) | (bytes[4 * b + 2]! << 16) | (bytes[4 * b + 3]! << 24);
    h ^= scramble(k);
    h = (Math.imul(rotl(h, 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= 4 * nBlocks; i--) tail = (tail << 8) | bytes[i]!;
  h ^= scramble(tail) ^ bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const encoder = new TextEncoder();
const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));
const scramble = (k: number): number => Math.imul(rotl(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);

/** Bucket 0 … nBuckets-1 of a hash and the sign it counts with, so that collisions cancel on average (Weinberger 2009). */
export const bucketOf = (hash: number, nBuckets: number): { bucket: number; sign: 1 | -1 } => ({
  bucket: Math.abs(hash) % nBuckets,
  sign: hash < 0 ? -1 : 1,
});
