/** What JSON has no numbers for, by the name it is written under. */
const NAMED: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 };

/** Key of an object that stands for such a number; keys of this form that were there before get one `$` more. */
const MARK = '$number';
const MARK_LIKE = /^\$+number$/;

/** A value that JSON would have left out, or turned into another, without a word. */
export class NotJsonError extends TypeError {
  constructor(what: string, key: string) {
    super(`${what} at "${key}" cannot be written as JSON`);
    this.name = 'NotJsonError';
  }
}

/**
 * JSON that comes back as the very same value: NaN, the infinities and −0 are written as `{"$number": "NaN"}`.
 * A property that is undefined counts as absent. Throws NotJsonError for what would be lost or become another thing:
 * undefined in an array, functions, symbols, big integers, typed arrays, maps, sets, dates and other instances.
 */
export function writeExact(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key, given: unknown): unknown {
    const held = heldBy(this, key, given);
    switch (typeof held) {
      case 'number':
        return Number.isFinite(held) && !Object.is(held, -0) ? held : { [MARK]: nameOf(held) };
      case 'string':
      case 'boolean':
        return held;
      case 'undefined':
        if (Array.isArray(this) || key === '') throw new NotJsonError('undefined', key);
        return held;
      case 'object':
        return held === null || Array.isArray(held) ? held : escaped(plain(held, key));
      default:
        throw new NotJsonError(`a ${typeof held}`, key);
    }
  });
}

/** The inverse of `writeExact`. */
export function readExact(text: string): unknown {
  // Most have none of it, and a reviver is slow.
  if (!text.includes('number":')) return JSON.parse(text) as unknown;
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const keys = Object.keys(value);
    if (!keys.some((key) => MARK_LIKE.test(key))) return value;
    if (keys.length === 1 && keys[0] === MARK) return NAMED[String((value as Record<string, unknown>)[MARK])];
    return renamed(value, (key) => key.slice(1));
  }) as unknown;
}

const nameOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** What the holder has: JSON.stringify has called `toJSON` already, which dates have. */
const heldBy = (holder: unknown, key: string, given: unknown): unknown =>
  typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : given;

function plain(value: object, key: string): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return value;
  throw new NotJsonError(`a ${value.constructor.name}`, key);
}

const escaped = (value: object): object =>
  Object.keys(value).some((key) => MARK_LIKE.test(key)) ? renamed(value, (key) => `$${key}`) : value;

const renamed = (value: object, rename: (key: string) => string): object =>
  Object.fromEntries(Object.entries(value).map(([key, own]) => [MARK_LIKE.test(key) ? rename(key) : key, own]));
