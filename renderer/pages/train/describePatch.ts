import { describeLayers } from './describeLayers.ts';
import { readValues, valueAt } from './form/values.ts';

export interface PatchLine {
  readonly kind: 'removed' | 'added';
  readonly text: string;
}

/** What a patch changes in a file, as `path: old` and `path: new` lines; what already stands is left out. */
export function describePatch(yaml: string, patch: Readonly<Record<string, unknown>>): PatchLine[] {
  const values = readValues(yaml);
  return Object.entries(flatten(patch)).flatMap(([path, value]): PatchLine[] => {
    const before = valueAt(values, path);
    const [from, to] = [JSON.stringify(before), JSON.stringify(value)];
    if (from === to) return [];
    return [
      ...(before === undefined ? [] : [{ kind: 'removed' as const, text: `${path}: ${shown(path, before)}` }]),
      ...(value === undefined ? [] : [{ kind: 'added' as const, text: `${path}: ${shown(path, value)}` }]),
    ];
  });
}

/** A merge patch as dotted paths: `{split: {time: 'date'}}` → `{'split.time': 'date'}`; lists are values. */
export function flatten(patch: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      Object.assign(out, flatten(value as Record<string, unknown>, path));
    else out[path] = value;
  }
  return out;
}

function shown(path: string, value: unknown): string {
  if (path === 'model.params.layers' && Array.isArray(value)) return describeLayers(value);
  return JSON.stringify(value).replace(/^"(.*)"$/, '$1');
}
