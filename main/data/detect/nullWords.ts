/** Words that stand for "missing" in many files. A category may be called "None", so that is not one of them. */
const CANDIDATES = ['NA', 'N/A', 'n/a', 'na', '?', ' ?', 'NULL', 'null', 'NaN', 'nan', '#N/A', 'NIL', '\\N', ' ', '  '];

/** The words that occur in the sample, and always the empty cell. */
export function detectNullWords(records: readonly (readonly string[])[]): string[] {
  const seen = new Set<string>();
  for (const record of records) for (const cell of record) if (cell.length <= 4) seen.add(cell);
  return ['', ...CANDIDATES.filter((word) => seen.has(word))];
}

/** All of them: for a second try when a number column holds one beyond the sample. */
export const allNullWords = (): string[] => ['', ...CANDIDATES];
