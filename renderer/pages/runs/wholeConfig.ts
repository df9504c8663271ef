import { call } from '../../client/engine.ts';
import { readValues } from '../train/form/values.ts';

/** What a configuration file says and what it leaves to the defaults; what it says alone where it no longer checks. */
export async function wholeConfig(yaml: string): Promise<Readonly<Record<string, unknown>>> {
  const { config } = await call('config.check', { projectId: null, yaml });
  return config ?? readValues(yaml);
}
