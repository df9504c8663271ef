/** Positions among the rows that are split, of each part, in any order. */
export interface Positions {
  readonly train: ArrayLike<number>;
  readonly validation: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/** How rows were dealt out, and what a person should know about it. */
export interface Dealt {
  readonly parts: Positions;
  /** One or two sentences on how it was made. */
  readonly note: string;
  readonly warnings: readonly string[];
}

/** Rows wanted in each part that is held out. */
export interface Wanted {
  readonly validation: number;
  readonly test: number;
}

/** "12 rows", "1 row". */
export const rowsText = (n: number): string => `${n.toLocaleString('en-US')} ${n === 1 ? 'row' : 'rows'}`;

/** A held-out part that came out less than half or more than twice as large as wanted, in words. */
export function farFromWanted({ validation, test }: Positions, wanted: Wanted, n: number): string[] {
  const percent = (rows: number) => `${Math.round((100 * rows) / n)} %`;
  const parts = [
    ['Validation', validation.length, wanted.validation],
    ['The test part', test.length, wanted.test],
  ] as const;
  return parts
    .filter(([, has, asked]) => asked > 0 && (has > 2 * asked || has < asked / 2))
    .map(([name, has, asked]) => `${name} holds ${percent(has)} of the rows where ${percent(asked)} were asked for.`);
}
