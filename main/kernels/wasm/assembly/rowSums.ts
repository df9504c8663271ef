// What one pass of a coreset build needs of each row a = [x, 1]: quadratic forms ‖W a‖², and sums of c·a and v·a·aᵀ.
// Rows lie in A, f64 (n, pitch), pitch even; a row of zeros stands behind them to fill groups of rows up.

/** out, f64 (n rounded up to even,): ‖W a‖² of rows 0 … n-1.  @param W f64 (q, nDir), nDir a multiple of 12 */
export function quadraticForms(A: usize, n: i32, q: i32, pitch: i32, W: usize, nDir: i32, out: usize): void {
  const stride = <usize>pitch << 3;
  const column = <usize>nDir << 3;
  const end = <usize>q << 3;
  for (let i = 0; i < n; i += 2) {
    const a = A + <usize>i * stride;
    const b = a + stride;
    let sa = f64x2.splat(0);
    let sb = sa;
    // Six pairs of directions of two rows at a time fill the registers and share every load of W.
    for (let k = 0; k < nDir; k += 12) {
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let a4 = a0;
      let a5 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      let b4 = a0;
      let b5 = a0;
      let w = W + (<usize>k << 3);
      for (let j: usize = 0; j < end; j += 8) {
        const x = v128.load64_splat(a + j);
        const y = v128.load64_splat(b + j);
        let v = v128.load(w);
        a0 = f64x2.add(a0, f64x2.mul(x, v));
        b0 = f64x2.add(b0, f64x2.mul(y, v));
        v = v128.load(w, 16);
        a1 = f64x2.add(a1, f64x2.mul(x, v));
        b1 = f64x2.add(b1, f64x2.mul(y, v));
        v = v128.load(w, 32);
        a2 = f64x2.add(a2, f64x2.mul(x, v));
        b2 = f64x2.add(b2, f64x2.mul(y, v));
        v = v128.load(w, 48);
        a3 = f64x2.add(a3, f64x2.mul(x, v));
        b3 = f64x2.add(b3, f64x2.mul(y, v));
        v = v128.load(w, 64);
        a4 = f64x2.add(a4, f64x2.mul(x, v));
        b4 = f64x2.add(b4, f64x2.mul(y, v));
        v = v128.load(w, 80);
        a5 = f64x2.add(a5, f64x2.mul(x, v));
        b5 = f64x2.add(b5, f64x2.mul(y, v));
        w += column;
      }
      sa = f64x2.add(sa, f64x2.add(f64x2.add(f64x2.mul(a0, a0), f64x2.mul(a1, a1)), f64x2.mul(a2, a2)));
      sa = f64x2.add(sa, f64x2.add(f64x2.add(f64x2.mul(a3, a3), f64x2.mul(a4, a4)), f64x2.mul(a5, a5)));
      sb = f64x2.add(sb, f64x2.add(f64x2.add(f64x2.mul(b0, b0), f64x2.mul(b1, b1)), f64x2.mul(b2, b2)));
      sb = f64x2.add(sb, f64x2.add(f64x2.add(f64x2.mul(b3, b3), f64x2.mul(b4, b4)), f64x2.mul(b5, b5)));
    }
    const o = out + (<usize>i << 3);
    store<f64>(o, f64x2.extract_lane(sa, 0) + f64x2.extract_lane(sa, 1));
    store<f64>(o, f64x2.extract_lane(sb, 0) + f64x2.extract_lane(sb, 1), 8);
  }
}

/**
 * sums, f64 (nCoef, pitch) += Σ c(row) a(row)ᵀ over the rows listed.
 * @param rows u32: `count` of them, a multiple of 4  @param C f64 (n + 1, nCoef)
 */
export function addOuterProducts(A: usize, pitch: i32, rows: usize, count: i32, C: usize, nCoef: i32, sums: usize): void {
  const stride = <usize>pitch << 3;
  const width = <usize>nCoef << 3;
  for (let i = 0; i < count; i += 4) {
    const at = rows + (<usize>i << 2);
    const r0 = <usize>load<u32>(at);
    const r1 = <usize>load<u32>(at, 4);
    const r2 = <usize>load<u32>(at, 8);
    const r3 = <usize>load<u32>(at, 12);
    const a0 = A + r0 * stride;
    const a1 = A + r1 * stride;
    const a2 = A + r2 * stride;
    const a3 = A + r3 * stride;
    let to = sums;
    for (let c: usize = 0; c < width; c += 8) {
      const c0 = v128.load64_splat(C + r0 * width + c);
      const c1 = v128.load64_splat(C + r1 * width + c);
      const c2 = v128.load64_splat(C + r2 * width + c);
      const c3 = v128.load64_splat(C + r3 * width + c);
      for (let j: usize = 0; j < stride; j += 16) {
        const s = f64x2.add(f64x2.mul(c0, v128.load(a0 + j)), f64x2.mul(c1, v128.load(a1 + j)));
        const t = f64x2.add(f64x2.mul(c2, v128.load(a2 + j)), f64x2.mul(c3, v128.load(a3 + j)));
        v128.store(to + j, f64x2.add(v128.load(to + j), f64x2.add(s, t)));
      }
      to += stride;
    }
  }
}

/**
 * sums, f64 (q, pitch), lower half += Σ v(row) a(row) a(row)ᵀ over the rows listed.
 * @param rows u32: `count` of them, a multiple of 4  @param V f64 (n + 1,)
 */
export function addRowGram(A: usize, q: i32, pitch: i32, rows: usize, count: i32, V: usize, sums: usize): void {
  const stride = <usize>pitch << 3;
  for (let i = 0; i < count; i += 4) {
    const at = rows + (<usize>i << 2);
    const r0 = <usize>load<u32>(at);
    const r1 = <usize>load<u32>(at, 4);
    const r2 = <usize>load<u32>(at, 8);
    const r3 = <usize>load<u32>(at, 12);
    const a0 = A + r0 * stride;
    const a1 = A + r1 * stride;
    const a2 = A + r2 * stride;
    const a3 = A + r3 * stride;
    const v0 = load<f64>(V + (r0 << 3));
    const v1 = load<f64>(V + (r1 << 3));
    const v2 = load<f64>(V + (r2 << 3));
    const v3 = load<f64>(V + (r3 << 3));
    let to = sums;
    for (let row: usize = 0; row < <usize>q << 3; row += 8) {
      const c0 = f64x2.splat(v0 * load<f64>(a0 + row));
      const c1 = f64x2.splat(v1 * load<f64>(a1 + row));
      const c2 = f64x2.splat(v2 * load<f64>(a2 + row));
      const c3 = f64x2.splat(v3 * load<f64>(a3 + row));
      for (let j: usize = 0; j <= row; j += 16) {
        const s = f64x2.add(f64x2.mul(c0, v128.load(a0 + j)), f64x2.mul(c1, v128.load(a1 + j)));
        const t = f64x2.add(f64x2.mul(c2, v128.load(a2 + j)), f64x2.mul(c3, v128.load(a3 + j)));
        v128.store(to + j, f64x2.add(v128.load(to + j), f64x2.add(s, t)));
      }
      to += stride;
    }
  }
}
