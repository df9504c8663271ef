/**
 * JSON for files and rows whose schema has no number but finite ones. Throws TypeError where `JSON.stringify` would write
 * null, or something else than it was given, without a word: NaN, infinities, undefined in an array, functions, symbols,
 * maps, sets and typed arrays. What is not known is null in the value itself.
 */
export function strictJson(value: unknown, space?: number): string {
  const text = JSON.stringify(
    value,
    function (this: unknown, key, held: unknown): unknown {
      if (typeof held === 'number' && !Number.isFinite(held)) throw lost(String(held), key);
      if (held === undefined && Array.isArray(this)) throw lost('undefined', key);
      if (typeof held === 'function' || typeof held === 'symbol') throw lost(`a ${typeof held}`, key);
      if (ArrayBuffer.isView(held) || held instanceof Map || held instanceof Set)
        throw lost(`a ${held.constructor.name}`, key);
      return held;
    },
    space,
  ) as string | undefined;
  if (text === undefined) throw lost('undefined', '');
  return text;
}

const lost = (what: string, key: string) => new TypeError(`${what} at "${key}" cannot be written as JSON`);
