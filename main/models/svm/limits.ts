import { AppError } from '../../contract/errors.ts';

/**
 * Throws AppError KERNEL_TOO_LARGE before anything is computed, when the kernel matrix of `n` rows (float32) is larger than
 * the memory that is free: a cache of its rows would then be a small part of it, and most of each pass computed anew.
 * @param memory free bytes of the machine, or of what this process may have of it
 */
export function checkKernelSize(n: number, memory: number = process.availableMemory()): void {
  if (fitsMemory(n, memory)) return;
  throw new AppError({
    code: 'KERNEL_TOO_LARGE',
    message: `The kernel matrix of ${n.toLocaleString('en')} rows would take ${gigabytes(kernelBytes(n))}; ${gigabytes(memory)} of memory are free. Train on a coreset, or use the linear SVM.`,
    fix: { kind: 'useOption', label: 'Use the linear SVM', args: { name: 'model.type', value: 'linearSvm' } },
  });
}

/** True where the kernel matrix of `n` rows is no larger than `memory`. */
export const fitsMemory = (n: number, memory: number = process.availableMemory()): boolean => kernelBytes(n) <= memory;

const kernelBytes = (n: number): number => 4 * n * n;
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
