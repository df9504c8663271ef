import type { CoresetConfig, RunConfig } from '../../contract/config.ts';

/** The configuration of a run with `coreset: auto` decided. Everything of a run but its start sees only this. */
export type SettledConfig = Omit<RunConfig, 'coreset'> & { readonly coreset: CoresetConfig | false };
