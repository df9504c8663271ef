import { flatten } from '../train/describePatch.ts';

export interface ConfigRow {
  readonly path: string;
  /** One value a run, as text; empty when left out. */
  readonly values: readonly string[];
  readonly isDifferent: boolean;
}

/** Configurations side by side by dotted path, in the order the files have them; differing rows first. */
export function configDiff(configs: readonly Readonly<Record<string, unknown>>[]): ConfigRow[] {
  const flat = configs.map((config) => flatten(config));
  const paths = [...new Set(flat.flatMap((f) => Object.keys(f)))];
  const rows = paths.map((path) => {
    const values = flat.map((f) => text(f[path]));
    return { path, values, isDifferent: new Set(values).size > 1 };
  });
  return [...rows.filter((r) => r.isDifferent), ...rows.filter((r) => !r.isDifferent)];
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
