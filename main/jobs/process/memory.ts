import { totalmem } from 'node:os';
import { AppError } from '../../contract/errors.ts';

/**
 * Limit of a job's JavaScript heap in MB: half of the machine, between 1 and 16 GB. Columns and matrices live
 * outside that heap (typed arrays, DuckDB, ONNX Runtime), so the other half is theirs.
 */
export function defaultHeapMb(memoryBytes = totalmem()): number {
  return Math.min(16_384, Math.max(1024, Math.floor(memoryBytes / 2 / 2 ** 20)));
}

/** True for the ways in which JavaScript, DuckDB and ONNX Runtime say that memory ran out. */
export function isOutOfMemory(cause: unknown): boolean {
  const text = cause instanceof Error ? cause.message : String(cause);
  return /array buffer allocation failed|invalid array buffer length|bad_alloc|out of memory|failed to allocate memory/i.test(
    text,
  );
}

export function outOfMemory(cause?: unknown): AppError {
  return new AppError({
    code: 'OUT_OF_MEMORY',
    message: 'The job ran out of memory and was stopped. The project and everything saved in it are safe.',
    fix: {
      kind: 'useLessMemory',
      label: 'Use a smaller coreset or fewer columns, or close other programs, and run it again',
    },
    isInput: false,
    cause,
  });
}
