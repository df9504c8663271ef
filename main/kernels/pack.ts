import { crc32 } from 'node:zlib';
import { readExact, writeExact } from './exactJson.ts';

/** Typed arrays a pack can hold. */
export type PackedArray =
  | Float32Array<ArrayBufferLike>
  | Float64Array<ArrayBufferLike>
  | Int32Array<ArrayBufferLike>
  | Uint32Array<ArrayBufferLike>
  | Uint8Array<ArrayBufferLike>;

export interface Unpacked {
  readonly json: unknown;
  readonly arrays: Readonly<Record<string, PackedArray>>;
  /** Packs of version 1 hold null where `json` had NaN or an infinity. */
  readonly version: number;
}

/** Why bytes could not be unpacked; the caller says it in a person's words. */
export class PackError extends Error {
  readonly reason: 'notAPack' | 'version' | 'damaged';

  constructor(reason: PackError['reason'], message: string) {
    super(message);
    this.name = 'PackError';
    this.reason = reason;
  }
}

const MAGIC = 0x4b504850; // "PHPK", little-endian
/** 1 wrote plain JSON, which has null for NaN and the infinities; it is still read. */
const VERSION = 2;
/** magic, version, header bytes, CRC-32 of everything after this prefix. */
const PREFIX = 16;

const kinds = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;
type Kind = keyof typeof kinds;

interface Header {
  readonly json: unknown;
  readonly arrays: readonly {
    readonly name: string;
    readonly kind: Kind;
    readonly at: number;
    readonly length: number;
  }[];
}

/**
 * JSON and named typed arrays as one block of bytes with a version and a checksum. Both come back to the last bit: see
 * `writeExact`, which throws NotJsonError for what JSON cannot hold. Arrays start at multiples of 8, so that `unpack` needs
 * no copy. Numbers are little-endian, as on every machine Pith runs on.
 */
export function pack(json: unknown, arrays: Readonly<Record<string, PackedArray>>): Uint8Array<ArrayBuffer> {
  const entries: Header['arrays'][number][] = [];
  let size = 0;
  for (const [name, array] of Object.entries(arrays)) {
    entries.push({ name, kind: kindOf(array), at: size, length: array.length });
    size += align(array.byteLength);
  }
  const header = new TextEncoder().encode(writeExact({ json: json ?? null, arrays: entries } satisfies Header));
  const start = align(PREFIX + header.length);
  const bytes = new Uint8Array(start + size);
  bytes.set(header, PREFIX);
  for (const { name, at } of entries) {
    const { buffer, byteOffset, byteLength } = arrays[name]!;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + at);
  }
  const prefix = new DataView(bytes.buffer);
  prefix.setUint32(0, MAGIC, true);
  prefix.setUint32(4, VERSION, true);
  prefix.setUint32(8, header.length, true);
  prefix.setUint32(12, crc32(bytes.subarray(PREFIX)), true);
  return bytes;
}

/** The inverse of `pack`; arrays are views of `bytes` where it is aligned. Throws PackError. */
export function unpack(bytes: Uint8Array<ArrayBufferLike>): Unpacked {
  const whole = bytes.byteOffset % 8 === 0 && bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
  const prefix = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  if (whole.length < PREFIX || prefix.getUint32(0, true) !== MAGIC) throw new PackError('notAPack', 'not a pack');
  const version = prefix.getUint32(4, true);
  if (version < 1 || version > VERSION)
    throw new PackError('version', `pack version ${version}, this Pith reads up to ${VERSION}`);
  if (crc32(whole.subarray(PREFIX)) !== prefix.getUint32(12, true)) throw new PackError('damaged', 'checksum differs');
  const headerBytes = prefix.getUint32(8, true);
  const text = new TextDecoder().decode(whole.subarray(PREFIX, PREFIX + headerBytes));
  const header = (version === 1 ? JSON.parse(text) : readExact(text)) as Header;
  const start = whole.byteOffset + align(PREFIX + headerBytes);
  const arrays: Record<string, PackedArray> = {};
  for (const { name, kind, at, length } of header.arrays)
    arrays[name] = new kinds[kind](whole.buffer as ArrayBuffer, start + at, length);
  return { json: header.json, arrays, version };
}

const align = (n: number) => Math.ceil(n / 8) * 8;

function kindOf(array: PackedArray): Kind {
  for (const kind of Object.keys(kinds) as Kind[]) if (array instanceof kinds[kind]) return kind;
  throw new RangeError('pack: an array is of a kind that packs do not hold');
}
