/** Lists up to this many characters are shown as the file has them. */
const SHORT = 40;
const MAX_PERIOD = 4;

/**
 * A list of layers for a person: `[64, 32]` as it stands, long ones with their repetitions counted, e.g.
 * `20 × dense 32 sigmoid` or `10 × (dense 32, batchNorm)`.
 */
export function describeLayers(layers: readonly unknown[]): string {
  const json = JSON.stringify(layers);
  if (json.length <= SHORT) return json;
  const names = layers.map(nameOf);
  const parts: string[] = [];
  for (let at = 0; at < names.length;) {
    const { period, count } = longestRepeat(names, at);
    const group = names.slice(at, at + period).join(', ');
    if (count === 1) parts.push(group);
    else parts.push(`${count} × ${period === 1 ? group : `(${group})`}`);
    at += period * count;
  }
  return parts.join(', ');
}

/** Options in the file's order without their names where they read without: `dense 32 sigmoid`, `dropout 0.1`. */
function nameOf(layer: unknown): string {
  if (typeof layer !== 'object' || layer === null) return `dense ${String(layer)}`;
  const { type, ...options } = layer as Record<string, unknown>;
  const words = Object.entries(options).map(([name, value]) =>
    bareOptions.has(name) ? String(value) : `${name} ${String(value)}`,
  );
  return [String(type ?? 'dense'), ...words].join(' ');
}

const bareOptions: ReadonlySet<string> = new Set(['units', 'activation', 'rate', 'initializer']);

/** The group that, repeated from `at`, covers most names; the shortest of those. */
function longestRepeat(names: readonly string[], at: number): { readonly period: number; readonly count: number } {
  let best = { period: 1, count: 1 };
  for (let period = 1; period <= MAX_PERIOD; period++) {
    let end = at + period;
    while (end < names.length && names[end] === names[end - period]) end++;
    const count = Math.floor((end - at) / period);
    if (count > 1 && count * period > (best.count === 1 ? 1 : best.count * best.period)) best = { period, count };
  }
  return best;
}
