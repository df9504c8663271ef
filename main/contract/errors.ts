import { z } from 'zod';

/** A way out the window can offer as a button or the command line as a sentence. */
export const Fix = z.object({
  /** Stable verb, e.g. `dropRows`, `chooseTarget`, `useOption`. */
  kind: z.string(),
  /** What the person reads, e.g. "Drop the 12 rows without a target". */
  label: z.string(),
  /** Arguments of the verb. */
  args: z.record(z.string(), z.unknown()).optional(),
});
export type Fix = z.infer<typeof Fix>;

/** Place in a configuration file, 1-based. */
export const SourceSpan = z.object({
  line: z.number().int(),
  column: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
});
export type SourceSpan = z.infer<typeof SourceSpan>;

/** How every error crosses a process boundary. Never a stack trace. */
export const AppErrorData = z.object({
  code: z.string(),
  message: z.string(),
  fix: Fix.optional(),
  span: SourceSpan.optional(),
  /** True when the person's input caused it (exit code 2), false when Pith or the machine failed. */
  isInput: z.boolean(),
});
export type AppErrorData = z.infer<typeof AppErrorData>;

export interface AppErrorInit {
  readonly code: string;
  /** One sentence a person understands. */
  readonly message: string;
  readonly fix?: Fix;
  readonly span?: SourceSpan;
  readonly isInput?: boolean;
  readonly cause?: unknown;
}

/** An expected failure with a stable code, a person's sentence and, where there is one, a way out. */
export class AppError extends Error {
  readonly code: string;
  readonly fix: Fix | undefined;
  readonly span: SourceSpan | undefined;
  readonly isInput: boolean;

  constructor(init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'AppError';
    this.code = init.code;
    this.fix = init.fix;
    this.span = init.span;
    this.isInput = init.isInput ?? true;
  }
}

/** Anything thrown, as data. An unknown throw becomes `INTERNAL` with its message only. */
export function toAppErrorData(cause: unknown): AppErrorData {
  if (cause instanceof AppError) {
    return {
      code: cause.code,
      message: cause.message,
      isInput: cause.isInput,
      ...(cause.fix && { fix: cause.fix }),
      ...(cause.span && { span: cause.span }),
    };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: 'INTERNAL', message, isInput: false };
}

/** The inverse of `toAppErrorData`, on the receiving side. */
export function fromAppErrorData(data: AppErrorData): AppError {
  return new AppError({
    code: data.code,
    message: data.message,
    isInput: data.isInput,
    ...(data.fix && { fix: data.fix }),
    ...(data.span && { span: data.span }),
  });
}
