import { AppError } from '../../contract/errors.ts';

/** Bytes of kernel matrix that a row cache can still serve in reasonable time. */
const MAX_KERNEL_BYTES = 40e9;

/** Throws AppError KERNEL_TOO_LARGE before anything is computed. */
export function checkKernelSize(n: number): void {
  const bytes = 4 * n * n;
  if (bytes <= MAX_KERNEL_BYTES) return;
  throw new AppError({
    code: 'KERNEL_TOO_LARGE',
    message: `The kernel matrix of ${n} rows would take ${Math.round(bytes / 1e9)} GB. Train on a coreset, or use the linear SVM.`,
    fix: { kind: 'useOption', label: 'Use the linear SVM', args: { name: 'model.type', value: 'linearSvm' } },
  });
}
