import { z } from 'zod';

/** Ids are opaque strings; a prefix says of what (`prj_`, `ds_`, `ver_`, `run_`, `job_`, `cor_`). */
export const Id = z.string().min(1).max(80);
/** ISO 8601, UTC. */
export const Timestamp = z.string();
/** A cell as it crosses to the window: text, number, truth value or missing. Dates are ISO text, big integers text. */
export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof Cell>;
