// Elementary functions without tables: module memory is shared between threads and fits.

/** Natural logarithm of a positive normal number (fdlibm e_log.c, 1 ulp). */
export function log(x: f64): f64 {
  let bits = reinterpret<u64>(x);
  let e = <i32>(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
  let m = reinterpret<f64>(bits);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e++;
  }
  const f = m - 1.0;
  const s = f / (2.0 + f);
  const z = s * s;
  const r =
    z *
    (6.666666666666735130e-1 +
      z *
        (3.999999999940941908e-1 +
          z *
            (2.857142874366239149e-1 +
              z *
                (2.222219843214978396e-1 +
                  z * (1.818357216161805012e-1 + z * (1.531383769920937332e-1 + z * 1.479819860511658591e-1))))));
  const h = 0.5 * f * f;
  const k = f64(e);
  return k * 6.93147180369123816490e-1 - (h - (s * (h + r) + k * 1.90821492927058770002e-10) - f);
}
