/** How a delimited text is written: found from its first lines. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly hasHeader: boolean;
  readonly skipLines: number;
  readonly decimal: '.' | ',';
  readonly names: readonly string[];
  readonly records: readonly (readonly string[])[];
  readonly evidence: Readonly<Record<'delimiter' | 'hasHeader' | 'decimal', { text: string; isSure: boolean }>>;
}

const DELIMITERS = [',', ';', '\t', '|', ', ', ':'];

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
  const skipLines = given.skipLines ?? 0;
  const body = afterLines(text, skipLines);
  const candidates = given.delimiter === undefined ? DELIMITERS : [given.delimiter];
  const scored = candidates
    .map((delimiter) => {
      const records = splitRecords(body, delimiter, quote, isWhole);
      return { delimiter, records, ...consistency(records) };
    })
    .toSorted((a, b) => b.score - a.score);
  const best = scored[0]!;
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
    },
  };
}

function afterLines(text: string, n: number): string {
  let at = 0;
  for (let i = 0; i < n; i++) at = text.indexOf('\n', at) + 1 || text.length;
  return text.slice(at);
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
