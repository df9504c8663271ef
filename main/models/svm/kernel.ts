import type { Matrix } from '../../kernels/matrix.ts';

export type KernelName = 'linear' | 'rbf' | 'poly' | 'sigmoid';
const CODES: Readonly<Record<KernelName, number>> = { linear: 0, rbf: 1, poly: 2, sigmoid: 3 };
const ONNX_NAMES: Readonly<Record<KernelName, string>> = {
  linear: 'LINEAR',
  rbf: 'RBF',
  poly: 'POLY',
  sigmoid: 'SIGMOID',
};

/** K(a, b): aᵀb, exp(−γ|a−b|²), (γaᵀb + coef0)^degree or tanh(γaᵀb + coef0). */
export class KernelSpec {
  readonly name: KernelName;
  readonly gamma: number;
  readonly coef0: number;
  readonly degree: number;

  constructor(name: KernelName, gamma: number, coef0: number, degree: number) {
    this.name = name;
    this.gamma = gamma;
    this.coef0 = coef0;
    this.degree = degree;
  }

  /** Its number in assembly/svm.ts. */
  get code(): number {
    return CODES[this.name];
  }

  get onnxName(): string {
    return ONNX_NAMES[this.name];
  }

  /** K(x, x) from squared norms. */
  diagonal(norms: Float64Array): Float64Array {
    return norms.map((s) => {
      switch (this.name) {
        case 'linear':
          return s;
        case 'rbf':
          return 1;
        case 'poly':
          return (this.gamma * s + this.coef0) ** this.degree;
        case 'sigmoid':
          return Math.tanh(this.gamma * s + this.coef0);
      }
    });
  }
}

/** γ as scikit-learn means it: `scale` = 1 / (d · var(X)), `auto` = 1 / d. */
export function gammaOf(value: number | string, { data, nRows, nCols }: Matrix, w: Float64Array | undefined): number {
  if (typeof value === 'number') return value;
  if (value === 'auto') return 1 / nCols;
  let [sum, total] = [0, 0];
  for (let i = 0; i < nRows; i++) {
    const wi = w ? w[i]! : 1;
    total += wi * nCols;
    for (let j = 0; j < nCols; j++) sum += wi * data[i * nCols + j]!;
  }
  const mean = sum / total;
  let variance = 0;
  for (let i = 0; i < nRows; i++) {
    const wi = w ? w[i]! : 1;
    for (let j = 0; j < nCols; j++) variance += wi * (data[i * nCols + j]! - mean) ** 2;
  }
  variance /= total;
  return variance > 0 ? 1 / (nCols * variance) : 1;
}
