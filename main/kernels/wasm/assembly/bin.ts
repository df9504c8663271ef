// Binning: quantile cut points of sampled columns, and values to bins. Bin 255 holds missing values.

/** Float32 bits as an unsigned integer of the same order. */
@inline
function sortable(bits: u32): u32 {
  return bits ^ (u32(i32(bits) >> 31) | 0x80000000);
}

@inline
function unsortable(key: u32): f32 {
  return reinterpret<f32>(key >> 31 ? key ^ 0x80000000 : ~key);
}

/** Sorts n (key, payload) pairs of u32 by key, least significant digit first; the result is in the temporaries (3 passes). */
export function radixSort(keys: usize, payload: usize, n: i32, keys2: usize, payload2: usize, counts: usize): void {
  memory.fill(counts, 0, 3 * 2048 * 4);
  for (let i = 0; i < n; i++) {
    const k = load<u32>(keys + (<usize>i << 2));
    let c = counts + ((k & 2047) << 2);
    store<u32>(c, load<u32>(c) + 1);
    c = counts + 8192 + (((k >> 11) & 2047) << 2);
    store<u32>(c, load<u32>(c) + 1);
    c = counts + 16384 + ((k >> 22) << 2);
    store<u32>(c, load<u32>(c) + 1);
  }
  for (let pass = 0; pass < 3; pass++) {
    const table = counts + <usize>pass * 8192;
    let sum: u32 = 0;
    for (let j = 0; j < 2048; j++) {
      const c = load<u32>(table + (<usize>j << 2));
      store<u32>(table + (<usize>j << 2), sum);
      sum += c;
    }
    const shift: u32 = pass * 11;
    for (let i = 0; i < n; i++) {
      const k = load<u32>(keys + (<usize>i << 2));
      const c = table + (((k >> shift) & 2047) << 2);
      const to = <usize>load<u32>(c);
      store<u32>(c, <u32>to + 1);
      store<u32>(keys2 + (to << 2), k);
      store<u32>(payload2 + (to << 2), load<u32>(payload + (<usize>i << 2)));
    }
    let swap = keys;
    keys = keys2;
    keys2 = swap;
    swap = payload;
    payload = payload2;
    payload2 = swap;
  }
}

/**
 * Cut points of one column of `sample`, f32 (n, d): a value x belongs to bin #{cuts < x}. At most `maxBins` bins of about
 * equal weight; a value per bin when there are few. Cuts lie halfway between neighbours, in float32.
 * @param weights f64 (n,) or 0 for ones
 * @param scratch 16 n + 24,576 bytes
 * @param cuts out, f32 (256,): filled up with +inf
 * @returns number of bins, 0 when every value is missing
 */
export function findCuts(sample: usize, n: i32, d: i32, column: i32, weights: usize, maxBins: i32, scratch: usize, cuts: usize): i32 {
  const keys = scratch;
  const payload = keys + (<usize>n << 2);
  const keys2 = payload + (<usize>n << 2);
  const payload2 = keys2 + (<usize>n << 2);
  let m = 0;
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    // + 0 turns -0 into 0: one value, one bin
    const x = load<f32>(sample + ((<usize>i * d + column) << 2)) + 0;
    const w = weights ? load<f64>(weights + (<usize>i << 3)) : 1.0;
    if (x != x || w <= 0) continue;
    store<u32>(keys + (<usize>m << 2), sortable(reinterpret<u32>(x)));
    store<u32>(payload + (<usize>m << 2), i);
    total += w;
    m++;
  }
  for (let j = 0; j < 256; j++) store<f32>(cuts + (<usize>j << 2), f32(Infinity));
  if (m == 0) return 0;
  radixSort(keys, payload, m, keys2, payload2, payload2 + (<usize>n << 2));
  // Sorted pairs are in keys2/payload2 now; distinct values and their weights go to keys (f32) and payload (f32 pairs -> f64 needs 8 n).
  let nDistinct = 1;
  for (let i = 1; i < m; i++)
    if (load<u32>(keys2 + (<usize>i << 2)) != load<u32>(keys2 + (<usize>(i - 1) << 2))) nDistinct++;
  let nBins = 1;
  let rest = total;
  let inBin: f64 = 0;
  let i = 0;
  let cutsLeft = maxBins - 1;
  const isFew = nDistinct <= maxBins;
  let mean = rest / f64(cutsLeft + 1);
  // weight of the current distinct value
  let key = load<u32>(keys2);
  let weight: f64 = 0;
  while (i < m && load<u32>(keys2 + (<usize>i << 2)) == key) {
    weight += weights ? load<f64>(weights + (<usize>load<u32>(payload2 + (<usize>i << 2)) << 3)) : 1.0;
    i++;
  }
  while (i < m && cutsLeft > 0) {
    const nextKey = load<u32>(keys2 + (<usize>i << 2));
    let nextWeight: f64 = 0;
    while (i < m && load<u32>(keys2 + (<usize>i << 2)) == nextKey) {
      nextWeight += weights ? load<f64>(weights + (<usize>load<u32>(payload2 + (<usize>i << 2)) << 3)) : 1.0;
      i++;
    }
    inBin += weight;
    // A heavy value gets a bin of its own: close the bin before it.
    if (isFew || inBin >= mean || nextWeight >= mean && inBin >= mean * 0.5) {
      const a = unsortable(key);
      const b = unsortable(nextKey);
      let cut = f32((f64(a) + f64(b)) * 0.5);
      if (!(cut < b)) cut = a;
      if (cut < a) cut = a;
      store<f32>(cuts + (<usize>(nBins - 1) << 2), cut);
      nBins++;
      cutsLeft--;
      rest -= inBin;
      inBin = 0;
      mean = rest / f64(cutsLeft + 1);
    }
    key = nextKey;
    weight = nextWeight;
  }
  return nBins;
}

@inline
function place(cuts: usize, x: f32, first: u32): u32 {
  let at: u32 = 0;
  for (let half = first; half > 0; half >>= 1) {
    at += load<f32>(cuts + ((<usize>at + half - 1) << 2)) < x ? half : 0;
  }
  return x != x ? 255 : at;
}

/**
 * Bins rows [from, to) of `block`, f32 (blockRows, d), which are rows start + from … of the data set.
 * @param cuts f32 (d, 256)  @param nBins i32 (d,); negative: category column of -nBins levels, `table` holds level -> bin
 * @param tables u32 (d,): address of u8 level -> bin, for category columns
 * @param byRow out, u8 (n, stride)  @param byColumn out, u8 (d, n), or 0
 */
export function binRows(block: usize, d: i32, from: i32, to: i32, start: i32, cuts: usize, nBins: usize, tables: usize, byRow: usize, stride: i32, byColumn: usize, n: i32): void {
  // Columns that only fill the row up count too: were they all 0, every add would wait for the one before.
  for (let f = d; f < stride; f++) {
    for (let i = from; i < to; i++) store<u8>(byRow + <usize>(start + i) * stride + f, u8(i));
  }
  for (let f = 0; f < d; f++) {
    const bins = load<i32>(nBins + (<usize>f << 2));
    const table = <usize>load<u32>(tables + (<usize>f << 2));
    const c = cuts + (<usize>f << 10);
    let first: u32 = 1;
    while (<i32>(first << 1) < bins) first <<= 1;
    const isCategory = bins < 0;
    for (let i = from; i < to; i++) {
      const x = load<f32>(block + ((<usize>i * d + f) << 2));
      let bin: u32 = 255;
      if (isCategory) {
        // Codes that were not there at fit share the bin of rare levels.
        if (x == x) bin = x >= 0 && x < f32(-bins) ? load<u8>(table + <usize>u32(x)) : 254;
      } else bin = place(c, x, first);
      const row = <usize>(start + i);
      store<u8>(byRow + row * stride + f, u8(bin));
      if (byColumn) store<u8>(byColumn + <usize>f * n + row, u8(bin));
    }
  }
}
