import { describe, expect, test } from 'vitest';
import { pack, PackError, unpack, type PackedArray } from '../../../main/kernels/pack.ts';

const arrays = {
  f: new Float32Array([1.5, -0, NaN]),
  d: new Float64Array([Math.PI, Infinity]),
  i: new Int32Array([-1, 2]),
  u: new Uint32Array([0xffffffff]),
  b: new Uint8Array([7, 8, 9]),
  none: new Float64Array(0),
};

const reasonOf = (bytes: Uint8Array): string => {
  try {
    unpack(bytes);
    return 'no error';
  } catch (cause) {
    return cause instanceof PackError ? cause.reason : String(cause);
  }
};

describe('pack', () => {
  test('comes back as it went in', () => {
    const { json, arrays: back } = unpack(pack({ a: [1, 'é'] }, arrays));
    expect(json).toEqual({ a: [1, 'é'] });
    expect(back).toEqual(arrays);
  });

  test('reads from bytes that are not aligned', () => {
    const bytes = pack(null, arrays);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(unpack(shifted.subarray(3)).arrays).toEqual(arrays);
  });

  test('takes views of larger buffers', () => {
    const part: PackedArray = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
    expect(unpack(pack(1, { part })).arrays).toEqual({ part: new Float64Array([2, 3]) });
  });

  test.each([
    { name: 'other bytes', spoil: () => new Uint8Array(64), want: 'notAPack' },
    { name: 'too short', spoil: (b: Uint8Array) => b.subarray(0, 5), want: 'notAPack' },
    { name: 'cut off', spoil: (b: Uint8Array) => b.subarray(0, b.length - 8), want: 'damaged' },
    { name: 'a flipped bit', spoil: (b: Uint8Array) => b.with(b.length - 20, b.at(-20)! ^ 4), want: 'damaged' },
    { name: 'a newer version', spoil: (b: Uint8Array) => b.with(4, 9), want: 'version' },
  ])('refuses $name', ({ spoil, want }) => {
    expect(reasonOf(spoil(pack({ a: 1 }, arrays)))).toBe(want);
  });
});
