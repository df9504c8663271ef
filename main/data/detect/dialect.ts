/** How a delimited text is written: found from its first lines. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly hasHeader: boolean;
  readonly skipLines: number;
  readonly decimal: '.' | ',';
  readonly names: readonly string[];
  readonly records: readonly (readonly string[])[];
  readonly evidence: Readonly<
    Record<'delimiter' | 'hasHeader' | 'decimal', { text: string; isSure: boolean }> & {
      /** Where lines before the header are passed over. */
      readonly skipLines?: { text: string; isSure: boolean };
    }
  >;
}

const DELIMITERS = [',', ';', '\t', '|', ', ', ':'];
/** Lines of a title or a note before the header that are looked for. */
const MAX_PREAMBLE = 20;

export interface DialectOptions {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly hasHeader?: boolean | undefined;
  readonly skipLines?: number | undefined;
  readonly decimal?: '.' | ',' | undefined;
}

/** @param text the start of the file  @param isWhole whether that is all of it (else the last line may be cut) */
export function detectDialect(text: string, isWhole: boolean, given: DialectOptions): Dialect {
  const quote = given.quote ?? '"';
  const read = (n: number) => bestSplit(afterLines(text, n), isWhole, quote, given.delimiter);
  const nPreamble = given.skipLines === undefined ? preambleOf(text, read) : 0;
  const skipLines = given.skipLines ?? nPreamble;
  const best = read(skipLines);
  const { records } = best;
  const first = records[0] ?? [];
  const rest = records.slice(1);
  const header = given.hasHeader ?? looksLikeHeader(first, rest);
  const decimal = given.decimal ?? detectDecimal(header ? rest : records, best.delimiter);
  return {
    delimiter: best.delimiter,
    quote,
    hasHeader: header,
    skipLines,
    decimal,
    names: header ? first : first.map((_, i) => `column${i + 1}`),
    records: header ? rest : records,
    evidence: {
      delimiter: {
        text:
          best.width > 1
            ? `${Math.round(best.share * 100)} % of the first ${records.length} lines have ${best.width} fields with it`
            : 'no delimiter was found: one column',
        isSure: best.width > 1 && best.share > 0.98,
      },
      hasHeader: {
        text: header ? 'the first line reads like column names' : 'the first line reads like the lines below it',
        isSure: header === looksNumericBelow(first, rest),
      },
      decimal: {
        text: decimal === ',' ? 'numbers are written with a comma' : 'numbers are written with a point',
        isSure: true,
      },
      ...(nPreamble > 0 && {
        skipLines: {
          text: `the first ${nPreamble === 1 ? 'line has' : `${nPreamble} lines have`} fewer fields than all that follow`,
          isSure: false,
        },
      }),
    },
  };
}

interface Split {
  readonly delimiter: string;
  readonly records: string[][];
  readonly score: number;
  readonly width: number;
  readonly share: number;
}

/** `body` split by the delimiter that gives the most even lines. */
function bestSplit(body: string, isWhole: boolean, quote: string, delimiter: string | undefined): Split {
  const candidates = delimiter === undefined ? DELIMITERS : [delimiter];
  return candidates
    .map((candidate): Split => {
      const records = splitRecords(body, candidate, quote, isWhole);
      const found = consistency(records);
      // Where a blank follows every comma it belongs to the delimiter, not to the cells.
      const bonus = found.width > 1 && candidate.endsWith(' ') ? 1e-9 : 0;
      return { delimiter: candidate, records, ...found, score: found.score + bonus };
    })
    .toSorted((a, b) => b.score - a.score)[0]!;
}

/**
 * Lines of a title or a note before the header: at most half as wide as the even lines that follow, the first of which
 * reads like column names. 0 when there are none.
 */
function preambleOf(text: string, read: (nLines: number) => Split): number {
  const whole = read(0);
  if (whole.share === 1 && whole.width > 1) return 0;
  for (let n = 1; n <= MAX_PREAMBLE; n++) {
    const line = text.slice(startOfLine(text, n - 1), startOfLine(text, n));
    if (line === '') return 0;
    const { records, width, share, delimiter } = read(n);
    const [first = [], ...rest] = records;
    if (width < 2 || share < 1 || rest.length < 2 || !looksLikeHeader(first, rest)) continue;
    const before = splitRecords(text.slice(0, startOfLine(text, n)), delimiter, '', true);
    if (before.some((record) => record.length > width / 2)) return 0;
    // Blank lines between the note and the header go with the note.
    let skipped = n;
    while (/^[ \t]*\r?\n/.test(text.slice(startOfLine(text, skipped)))) skipped++;
    return skipped;
  }
  return 0;
}

const afterLines = (text: string, n: number): string => text.slice(startOfLine(text, n));

/** Where line `n` (from 0) begins; the end of the text when it has fewer. */
function startOfLine(text: string, n: number): number {
  let at = 0;
  for (let i = 0; i < n; i++) at = text.indexOf('\n', at) + 1 || text.length;
  return at;
}

/** Records of the first lines; quotes are respected. The last one is dropped when the text goes on. */
export function splitRecords(text: string, delimiter: string, quote: string, isWhole: boolean): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let isQuoted = false;
  let i = 0;
  const endRecord = () => {
    record.push(field);
    if (record.length > 1 || field !== '') records.push(record);
    record = [];
    field = '';
  };
  while (i < text.length && records.length < 200) {
    const c = text[i]!;
    if (isQuoted) {
      if (c !== quote) field += c;
      else if (text[i + 1] === quote) {
        field += quote;
        i++;
      } else isQuoted = false;
      i++;
    } else if (quote !== '' && c === quote && field === '') {
      isQuoted = true;
      i++;
    } else if (text.startsWith(delimiter, i)) {
      record.push(field);
      field = '';
      i += delimiter.length;
    } else if (c === '\n' || c === '\r') {
      endRecord();
      i += c === '\r' && text[i + 1] === '\n' ? 2 : 1;
    } else {
      field += c;
      i++;
    }
  }
  if (isWhole && i >= text.length && (field !== '' || record.length > 0)) endRecord();
  return records;
}

function consistency(records: readonly (readonly string[])[]): { score: number; width: number; share: number } {
  const widths = new Map<number, number>();
  for (const { length } of records) widths.set(length, (widths.get(length) ?? 0) + 1);
  let width = 1;
  let count = 0;
  for (const [w, c] of widths) if (c > count || (c === count && w > width)) [width, count] = [w, c];
  const share = records.length === 0 ? 0 : count / records.length;
  // One field per line fits everything; more fields on every line are evidence.
  return { score: width === 1 ? 0.01 : share * share * (1 + Math.log2(width) / 10), width, share };
}

const isNumber = (cell: string): boolean => /^\s*[-+]?(\d+([.,]\d+)?|[.,]\d+)(e[-+]?\d+)?\s*$/i.test(cell);

function looksNumericBelow(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  return first.some((cell, j) => !isNumber(cell) && rest.some((r) => isNumber(r[j] ?? '')));
}

function looksLikeHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  if (first.length === 0) return false;
  if (first.some((cell) => isNumber(cell))) return false;
  if (rest.length === 0) return true;
  if (looksNumericBelow(first, rest)) return true;
  // All text: names differ from each other and do not come again below.
  const isDistinct = new Set(first).size === first.length;
  const comesAgain = first.some((cell, j) => cell !== '' && rest.some((r) => r[j] === cell));
  return isDistinct && !comesAgain;
}

function detectDecimal(records: readonly (readonly string[])[], delimiter: string): '.' | ',' {
  if (delimiter.startsWith(',')) return '.';
  let commas = 0;
  let points = 0;
  for (const record of records) {
    for (const cell of record) {
      if (/^\s*[-+]?\d+,\d+(e[-+]?\d+)?\s*$/i.test(cell)) commas++;
      else if (/^\s*[-+]?\d+\.\d+(e[-+]?\d+)?\s*$/i.test(cell)) points++;
    }
  }
  return commas > points ? ',' : '.';
}
