import { isMap, parseDocument } from 'yaml';

/** The file as plain values, as far as it can be read; `{}` when it cannot. */
export function readValues(yaml: string): Record<string, unknown> {
  try {
    const doc = parseDocument(yaml);
    const value: unknown = isMap(doc.contents) ? doc.toJS() : {};
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function valueAt(values: Readonly<Record<string, unknown>>, path: string): unknown {
  let here: unknown = values;
  for (const part of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[part];
  }
  return here;
}

/** What was typed into a number field: a number where it is one, else the text, so that the check can name it. */
export function parseNumber(text: string): number | string | undefined {
  const trimmed = text.trim().replaceAll('−', '-');
  if (trimmed === '') return undefined;
  const n = Number(trimmed);
  return Number.isFinite(n) ? n : trimmed;
}

export function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** As `parseNumber`, with "none" and "null" for null. */
export function parseNullable(text: string): number | string | null | undefined {
  return /^(none|null)$/i.test(text.trim()) ? null : parseNumber(text);
}

export function formatNullable(value: unknown): string {
  return value === null ? 'none' : plainText(value);
}

/** `0.01, 0.1, auto, null` → `[0.01, 0.1, 'auto', null]`. */
export function parseList(text: string): (number | string | boolean | null)[] {
  return text
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(',')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((part) => part !== '')
    .map((part) => {
      if (part === 'true') return true;
      if (part === 'false') return false;
      if (part === 'null' || part === 'none') return null;
      const n = Number(part);
      return Number.isFinite(n) ? n : part;
    });
}

interface SpaceRange {
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
  readonly int?: boolean;
}

/** A search dimension as it is typed: `0.01, 1, 100` or `0.01 … 100 log`. */
export function formatSpace(value: unknown): string {
  if (Array.isArray(value))
    return value.map((v) => (typeof v === 'object' && v !== null ? JSON.stringify(v) : String(v))).join(', ');
  if (typeof value === 'object' && value !== null && 'min' in value && 'max' in value) {
    const range = value as SpaceRange;
    return [`${range.min} … ${range.max}`, range.log && 'log', range.int && 'int'].filter(Boolean).join(' ');
  }
  return value === undefined ? '' : String(value);
}

/** The inverse of `formatSpace`; undefined when nothing was typed. */
export function parseSpace(text: string): unknown {
  const range = /^\s*(-?[\d.e+-]+)\s*(?:…|\.\.+|to)\s*(-?[\d.e+-]+)\s*((?:log|int|\s)*)$/i.exec(text);
  if (range) {
    const [min, max] = [Number(range[1]), Number(range[2])];
    if (Number.isFinite(min) && Number.isFinite(max)) {
      const flags = range[3]!.toLowerCase();
      return { min, max, ...(flags.includes('log') && { log: true }), ...(flags.includes('int') && { int: true }) };
    }
  }
  if (text.includes('[') && text.trim().startsWith('[[')) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  const list = parseList(text);
  return list.length === 0 ? undefined : list;
}
