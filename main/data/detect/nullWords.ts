/** Words that stand for "missing" in many files. A category may be called "None", so that is not one of them. */
const CANDIDATES = ['NA', 'N/A', 'n/a', 'na', '?', ' ?', 'NULL', 'null', 'NaN', 'nan', '#N/A', 'NIL', '\\N', ' ', '  '];

/** Signs that mean "missing" only where everything else in the column is a number. */
const AMONG_NUMBERS = ['-', '--', '.', '...'];

/** The words that occur in the sample, and always the empty cell. */
export function detectNullWords(records: readonly (readonly string[])[]): string[] {
  const seen = new Set<string>();
  for (const record of records) for (const cell of record) if (cell.length <= 4) seen.add(cell);
  const signs = AMONG_NUMBERS.filter((word) => seen.has(word) && standsAmongNumbers(records, word));
  return ['', ...CANDIDATES.filter((word) => seen.has(word)), ...signs];
}

function standsAmongNumbers(records: readonly (readonly string[])[], word: string): boolean {
  const width = records[0]?.length ?? 0;
  return Array.from({ length: width }, (_, k) => records.map((record) => record[k] ?? '')).every((cells) => {
    if (!cells.includes(word)) return true;
    const others = cells.filter((cell) => cell !== word && cell.trim() !== '');
    return others.length > 0 && others.every((cell) => /^\s*[-+]?[\d.,]+(e[-+]?\d+)?\s*$/i.test(cell));
  });
}

/** All of them: for a second try when a column holds one beyond the sample. */
export const allNullWords = (): string[] => ['', ...CANDIDATES];

/** Whatever may stand between numbers where there is none, blanks apart. */
export const nothingAmongNumbers: readonly string[] = [
  ...CANDIDATES.filter((word) => word.trim() === word),
  ...AMONG_NUMBERS,
];
