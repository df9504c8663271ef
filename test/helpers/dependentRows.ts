import { createRng, permutation, type Rng } from '../../main/kernels/rng.ts';

/** Made tables, as CSV, whose rows depend on each other in a known way, or not at all. `y` is the target. */
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const csv = (header: string, rows: readonly (readonly (string | number)[])[]): string =>
  `${header}\n${rows.map((row) => row.map((v) => (typeof v === 'number' && !Number.isInteger(v) ? v.toFixed(4) : v)).join(',')).join('\n')}\n`;

export function shuffled(table: string, seed: number): string {
  const [header, ...rows] = table.trimEnd().split('\n');
  return `${header}\n${Array.from(permutation(rows.length, createRng(seed)), (i) => rows[i]!).join('\n')}\n`;
}

const normals = (n: number, rng: Rng): number[] => range(n).map(() => rng.normal());

/** 60 mice × 12 near-copies; the class is the mouse's. */
export function nearCopies(
  key: string,
  seed: number,
  nameOf: (subject: number) => string | number = (s) => s + 301,
  noise = 0.15,
): string {
  const rng = createRng(seed);
  const rows = range(60).flatMap((s) => {
    const centre = normals(6, rng);
    const label = ['c', 't', 'u'][rng.int(3)]!;
    return range(12).map(() => [nameOf(s), ...centre.map((v) => v + noise * rng.normal()), label]);
  });
  return csv(`${key},a,b,c,d,e,f,y`, rows);
}

/** 120 people × 8 years: wages by education, and by what is theirs alone. Features change from row to row. */
export function panel(key: string, seed: number): string {
  const rng = createRng(seed);
  const rows = range(120).flatMap((s) => {
    const own = 1.6 * rng.normal();
    return range(8).map(() => {
      const x = normals(3, rng);
      return [(s * 7919) % 997, ...x, x[0]! + 0.5 * x[1]! + own + 0.8 * rng.normal()];
    });
  });
  return csv(`${key},x1,x2,x3,y`, rows);
}

/** 15 speakers × 8 vowels × 7: the speaker says nothing of the vowel, but bends every feature. */
export function speakers(key: string, seed: number): string {
  const rng = createRng(seed);
  const vowels = range(8).map(() => normals(8, rng));
  const rows = range(15).flatMap((s) => {
    const voice = normals(8, rng).map((v) => 1.6 * v);
    return range(8).flatMap((v) => {
      const own = normals(8, rng).map((e) => 0.8 * e);
      return range(7).map(() => [
        s,
        ...vowels[v]!.map((m, j) => m + voice[j]! + own[j]! + 0.2 * rng.normal()),
        `v${v}`,
      ]);
    });
  });
  return csv(`${key},a,b,c,d,e,f,g,h,y`, rows);
}

/** A number measured in whole years: charges rise with it, and its levels are of even size. */
export function smoothNumber(name: string, seed: number): string {
  const rng = createRng(seed);
  const rows = range(1500).map((i) => {
    const age = 18 + (i % 47);
    const x = normals(2, rng);
    return [age, ...x, 0.02 * (age - 18) ** 2 + x[0]! + 2 * rng.normal()];
  });
  return shuffled(csv(`${name},x1,x2,y`, rows), seed);
}

/** 70 zip codes whose prices differ somewhat. */
export function zipCodes(seed: number): string {
  const rng = createRng(seed);
  const level = normals(70, rng);
  const rows = range(2100).map((i) => {
    const x = normals(3, rng);
    const zip = (i * 31) % 70;
    return [98001 + zip, ...x, 2 * x[0]! + x[1]! + 0.5 * level[zip]! + rng.normal()];
  });
  return csv('zipcode,x1,x2,x3,y', rows);
}

/** Independent rows, sorted by their class. */
export function classSorted(seed: number): string {
  const rng = createRng(seed);
  return csv(
    'x1,x2,x3,y',
    range(900).map((i) => [
      ...normals(3, rng).map((v, j) => v + (j === 0 ? Math.floor(i / 300) : 0)),
      `k${Math.floor(i / 300)}`,
    ]),
  );
}

/** Independent rows with a month code; the class depends on both. */
export function monthCode(name: string, seed: number): string {
  const rng = createRng(seed);
  const rows = range(700).map(() => {
    const month = rng.int(7);
    const x = normals(2, rng);
    return [month, ...x, x[0]! + 0.4 * month + 0.5 * rng.normal() > 1.2 ? 'ill' : 'well'];
  });
  return csv(`${name},x1,x2,y`, rows);
}

/** Three slow walks: two are seen and tell the time, the third is the answer. */
export function drifting(seed: number, withTime?: string): string {
  const rng = createRng(seed);
  const walks = [0, 0, 0];
  const rows = range(1200).map((i) => {
    walks.forEach((v, j) => (walks[j] = 0.98 * v + 0.2 * rng.normal()));
    const day = new Date(Date.UTC(2020, 0, 1) + i * 86_400_000).toISOString().slice(0, 10);
    return [...(withTime === undefined ? [] : [day]), walks[0]!, walks[1]!, walks[2]! + 0.2 * rng.normal()];
  });
  return csv(`${withTime === undefined ? '' : `${withTime},`}x1,x2,y`, rows);
}

/** Twelve months of rows, five times over: months come again in long stretches, and time decides. */
export function seasons(seed: number): string {
  const rng = createRng(seed);
  const walks = [0, 0, 0];
  const rows = range(60).flatMap((m) =>
    range(30).map(() => {
      walks.forEach((v, j) => (walks[j] = 0.97 * v + 0.25 * rng.normal()));
      const warm = 3 * Math.sin(((m % 12) / 6) * Math.PI);
      const cold = 3 * Math.cos(((m % 12) / 6) * Math.PI);
      return [1 + (m % 12), warm + walks[0]!, cold + walks[1]!, walks[2]! + 0.3 * warm + 0.2 * rng.normal()];
    }),
  );
  return csv('month,x1,x2,y', rows);
}

/** `y` walks at random along a running number; one more column says nothing. */
export function walk(counter: string, seed: number): string {
  const rng = createRng(seed);
  let level = 0;
  return csv(
    `${counter},x,y`,
    range(1500).map((i) => [i + 1, rng.normal(), (level += rng.normal())]),
  );
}

/** Independent rows with a running number. */
export function counted(seed: number): string {
  const rng = createRng(seed);
  const rows = range(1000).map((i) => {
    const x = rng.normal();
    return [i + 1, x, x + 0.5 * rng.normal()];
  });
  return csv('id,x,y', rows);
}

/** A thermometer read in half degrees, evenly often; a second one beside it; what goes up and down with them. */
export function halfDegrees(seed: number): string {
  const rng = createRng(seed);
  const rows = range(1600).map((i) => {
    const t = 10.5 + 0.5 * (i % 40);
    return [t, t + 0.05 * rng.normal(), rng.normal(), 2 * Math.sin(4 * t) + 0.3 * rng.normal()];
  });
  return shuffled(csv('inside,beside,x,y', rows), seed);
}

/** All pairs of 8 soils and 8 seeds, evenly often, each with an effect of its own. */
export function factorial(seed: number): string {
  const rng = createRng(seed);
  const [soil, grain] = [normals(8, rng), normals(8, rng)] as const;
  const rows = range(1280).map((i) => {
    const x = normals(3, rng);
    const [s, g] = [i % 8, (i >> 3) % 8] as const;
    return [`soil${s}`, `seed${g}`, ...x, 2 * soil[s]! + 2 * grain[g]! + x[0]! + 0.5 * rng.normal()];
  });
  return shuffled(csv('soil,seed,a,b,c,y', rows), seed);
}

/** Independent rows on a smooth surface in seven columns: all are far closer than their columns alone make them. */
export function surface(seed: number): string {
  const rng = createRng(seed);
  const rows = range(800).map(() => {
    const [u, v] = normals(2, rng) as [number, number];
    return [u, v, u * v, Math.sin(u), Math.cos(v), u + v, u - v, Math.sin(2 * u) + v * v > 0.8 ? 'in' : 'out'];
  });
  return csv('a,b,c,d,e,f,g,y', rows);
}
