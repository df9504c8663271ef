import { z } from 'zod';
import { AppErrorData } from './errors.ts';
import { Id, Timestamp } from './json.ts';

export const JobKind = z.enum([
  'import',
  'run',
  'coreset',
  'predict',
  'export',
  'sample',
  'explain',
  'fidelity',
  'refit',
  'candidates',
  'test',
]);
export type JobKind = z.infer<typeof JobKind>;

/** A job's state is a closed union; `cancelled` and `interrupted` are outcomes, not errors. */
export const JobState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('queued') }),
  z.object({
    status: z.literal('running'),
    /** Overall fraction in [0, 1]; null while the total is unknown. */
    fraction: z.number().nullable(),
    step: z.string(),
    secondsLeft: z.number().nullable(),
    isCancelling: z.boolean(),
  }),
  z.object({ status: z.literal('done'), resultId: z.string().nullable() }),
  z.object({ status: z.literal('cancelled') }),
  z.object({ status: z.literal('failed'), error: AppErrorData }),
  /** The machine or the engine stopped while it ran. */
  z.object({ status: z.literal('interrupted') }),
]);
export type JobState = z.infer<typeof JobState>;

export const Job = z.object({
  id: Id,
  projectId: Id,
  kind: JobKind,
  /** What a person reads: "Run 4 · logistic regression on flights-3m". */
  title: z.string(),
  state: JobState,
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  /** The run this job belongs to, when there is one. */
  runId: Id.nullable(),
  /** True when "resume" continues or repeats it after an interruption. */
  isResumable: z.boolean(),
});
export type Job = z.infer<typeof Job>;

export const LogLine = z.object({ at: Timestamp, text: z.string() });
export type LogLine = z.infer<typeof LogLine>;
