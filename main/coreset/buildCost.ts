/** Numbers that the cost of a coreset is told from. */
export interface TreeShape {
  readonly nRows: number;
  readonly nFeatures: number;
  /** 0 where no classes are predicted. */
  readonly nClasses: number;
  /** Rows of the root. */
  readonly size: number;
}

/** Seconds of a build, or of the calibration of its folds: once, and by value of the rows that are looked at. */
interface Rates {
  /** Whatever the table: code is loaded and compiled, a pilot fitted. */
  readonly once: number;
  /** By class beyond two. */
  readonly perClass: number;
  /** By value of the pilot's sample. */
  readonly perSampled: number;
  /** By value of all rows. */
  readonly perValue: number;
  /** Folds: whatever the table, by class beyond two, and by value of the root. */
  readonly folds: readonly [number, number, number];
}

/** What a row costs whatever its features, in features. */
const PER_ROW = 5;
/** Rows of the pilot's sample, about. */
const SAMPLED_ROWS = 8000;

/**
 * CPU seconds by service, as measured beside those of fits (`models/fitCost.ts`): fixed rates times a count of values,
 * so that a decision by them is the same whenever it is made.
 */
const RATES: Readonly<Record<string, Rates>> = {
  logistic: { once: 0.7, perClass: 0.1, perSampled: 2e-6, perValue: 1.5e-7, folds: [0.12, 0.05, 1.5e-6] },
  linear: { once: 0.7, perClass: 0, perSampled: 2e-6, perValue: 1e-7, folds: [0.12, 0, 1e-6] },
  svm: { once: 0.55, perClass: 0.05, perSampled: 1.2e-6, perValue: 1e-7, folds: [0.1, 0.05, 1e-6] },
  tree: { once: 0.5, perClass: 0.05, perSampled: 4e-7, perValue: 1e-7, folds: [0.08, 0.05, 1e-7] },
  network: { once: 2.5, perClass: 0.05, perSampled: 1e-6, perValue: 8e-7, folds: [0.25, 0.1, 5e-7] },
  kmeans: { once: 0.4, perClass: 0, perSampled: 1e-6, perValue: 1.5e-7, folds: [0, 0, 0] },
  pca: { once: 0.4, perClass: 0, perSampled: 5e-7, perValue: 1e-7, folds: [0, 0, 0] },
  generic: { once: 0.45, perClass: 0, perSampled: 5e-7, perValue: 1e-7, folds: [0.08, 0, 5e-7] },
};

/** @param service a name of the services' registry */
export function buildSeconds(service: string, { nRows, nFeatures, nClasses }: TreeShape): number {
  const { once, perClass, perSampled, perValue } = ratesOf(service);
  const values = (nFeatures + PER_ROW) * outputs(service, nClasses);
  return (
    once +
    perClass * Math.max(0, nClasses - 2) +
    values * (perSampled * Math.min(nRows, SAMPLED_ROWS) + perValue * nRows)
  );
}

/** Of folds whose weights are calibrated, on the root. */
export function foldSeconds(service: string, { size, nFeatures, nClasses }: TreeShape): number {
  const [once, perClass, perValue] = ratesOf(service).folds;
  return once + perClass * Math.max(0, nClasses - 2) + perValue * size * nFeatures * outputs(service, nClasses);
}

function ratesOf(service: string): Rates {
  const rates = RATES[service];
  if (!rates) throw new Error(`The cost of a coreset for ${service} is not known: add it to buildCost.ts`);
  return rates;
}

/** Linear losses have statistics for each class. */
const outputs = (service: string, nClasses: number): number =>
  (service === 'logistic' || service === 'svm') && nClasses > 2 ? nClasses : 1;
