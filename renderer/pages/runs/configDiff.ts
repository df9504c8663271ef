import { call } from '../../client/engine.ts';
import { readValues } from '../train/form/values.ts';
import { flatten } from '../train/describePatch.ts';

export interface ConfigRow {
  readonly path: string;
  /** One value a run, as text; empty when left out. */
  readonly values: readonly string[];
  readonly isDifferent: boolean;
}

/** What a configuration file says and what it leaves to the defaults; what it says alone where it no longer checks. */
export async function wholeConfig(yaml: string): Promise<Readonly<Record<string, unknown>>> {
  const { config } = await call('config.check', { projectId: null, yaml });
  return config ?? readValues(yaml);
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
