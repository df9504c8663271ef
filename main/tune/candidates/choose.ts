import type { MetricName } from '../../contract/metrics.ts';
import type { TuneConfig } from '../../contract/config.ts';
import type { DataSummary } from './summary.ts';

/** A model worth trying on this data, and why. */
export interface Candidate {
  readonly type: string;
  /** What it starts from. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What is searched while there is time. */
  readonly space: TuneConfig['space'];
  /** Changes of the configuration besides the model, by dotted path. */
  readonly patch: Readonly<Record<string, unknown>>;
  /** A sentence each. */
  readonly reasons: readonly string[];
  /** Power of the number of rows that a fit's time grows with. */
  readonly growth: number;
}

/** Kernel machines take time and memory with the square of the rows. */
const KERNEL_ROWS = 8000;
/** Networks want this many rows before they repay their time. */
const NETWORK_ROWS = 20_000;
/** Below this share a class is rare: accuracy says nothing, ranking by precision does. */
const RARE_SHARE = 0.05;

const count = (n: number): string => n.toLocaleString('en');
const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

/** True where the smaller class is so rare that the curve of precision and recall says more than ROC. */
export const isImbalanced = (data: DataSummary): boolean =>
  data.rarestClass !== null && data.rarestClass.share < RARE_SHARE;

/** What candidates are compared by. */
export function metricFor(data: DataSummary): MetricName {
  if (data.task === 'regression') return 'rmse';
  return data.task === 'binary' && isImbalanced(data) ? 'averagePrecision' : 'rocAuc';
}

/** What was seen in the training rows, a sentence each. */
export function factsOf(data: DataSummary): string[] {
  const kinds = [
    data.nNumbers > 0 && `${count(data.nNumbers)} of numbers`,
    data.nCategories > 0 && `${count(data.nCategories)} of categories`,
    data.nTexts > 0 && `${count(data.nTexts)} of free text`,
  ].filter((part) => part !== false);
  const { rarestClass } = data;
  return [
    `${count(data.nRows)} training rows; columns: ${kinds.join(', ')}${data.mostLevels > 20 ? ` (up to ${count(data.mostLevels)} levels)` : ''}.`,
    data.nMissingColumns === 0
      ? 'No cell of them is missing.'
      : `${data.nMissingColumns === 1 ? '1 column has' : `${count(data.nMissingColumns)} columns have`} missing cells in them (${percent(data.missingShare)} of all).`,
    ...(rarestClass
      ? [
          `The rarest of ${data.nClasses} classes, "${rarestClass.name}", has ${count(rarestClass.nRows)} rows (${percent(rarestClass.share)})${
            isImbalanced(data) && data.task === 'binary' ? ': candidates are compared by average precision' : ''
          }.`,
        ]
      : []),
  ];
}

/** Two or three models of different kinds: one that can be read, one that finds interactions, and what the data suggests. */
export function chooseCandidates(data: DataSummary): Candidate[] {
  return [linear(data), boosting(data), third(data)].filter((candidate) => candidate !== null);
}

function linear(data: DataSummary): Candidate {
  const isRegression = data.task === 'regression';
  const wide = data.nEncoded > data.nRows / 10;
  const text = data.nTexts > 0;
  return {
    type: isRegression ? 'ridge' : 'logisticRegression',
    params: isRegression ? { alpha: 1 } : { C: 1, ...(isImbalanced(data) && { classWeight: 'balanced' }) },
    space: isRegression ? { alpha: [0.01, 0.1, 10, 100] } : { C: [0.01, 0.1, 10] },
    patch: text ? { 'preprocess.text': 'tfidf' } : {},
    reasons: [
      'Its coefficients can be read, and it is the fastest: what other models gain over it is what they are worth.',
      ...(wide
        ? [
            `${count(data.nEncoded)} encoded columns for ${count(data.nRows)} rows call for regularisation, which it has.`,
          ]
        : []),
      ...(text ? ['Free text becomes columns of its words (tf-idf), which linear models take best.'] : []),
      ...(isImbalanced(data) && !isRegression ? ['Classes are weighted to count the same, because one is rare.'] : []),
    ],
    growth: 1,
  };
}

function boosting(data: DataSummary): Candidate {
  const isSmall = data.nRows < 1000;
  const isRare = isImbalanced(data);
  const reasons = [
    data.nMissingColumns > 0 || data.nCategories > 0
      ? 'It takes missing values and categories as they are, and finds interactions and thresholds by itself.'
      : 'It finds interactions and thresholds by itself; on tables it is most often the most accurate.',
  ];
  if (isSmall) reasons.push('Small trees and few rounds, since there are few rows.');
  // With a handful of positives a step of 0.1 runs away: the hessian of their leaves is nearly nothing.
  if (isRare) reasons.push('Short steps, because a rare class makes long ones run away.');
  return {
    type: 'gradientBoosting',
    params: {
      maxIter: isSmall ? 60 : 100,
      learningRate: isRare ? 0.03 : 0.1,
      ...(isSmall && { maxLeafNodes: 8 }),
    },
    space: {
      learningRate: isRare ? [0.01, 0.05] : [0.05, 0.2],
      maxLeafNodes: isSmall ? [4, 8] : [15, 31, 63],
      minSamplesLeaf: [10, 20, 50],
      l2Regularization: [0, 1, 10],
    },
    patch: {},
    reasons,
    growth: 1,
  };
}

function third(data: DataSummary): Candidate | null {
  const isMostlyNumbers = data.nNumbers > 0 && data.nCategories <= data.nNumbers && data.nEncoded <= 100;
  const isRegression = data.task === 'regression';
  if (isMostlyNumbers && data.nRows <= KERNEL_ROWS && data.nClasses <= 20) {
    return {
      type: isRegression ? 'svr' : 'svc',
      params: { C: isRegression ? 10 : 1, kernel: 'rbf', gamma: 'scale' },
      space: { C: isRegression ? [1, 100] : [0.1, 10, 100], gamma: [0.01, 0.1] },
      patch: {},
      reasons: [
        `With ${count(data.nRows)} rows of mostly numbers a kernel machine is affordable, and smooth boundaries suit them.`,
      ],
      growth: 2,
    };
  }
  if (isMostlyNumbers && data.nRows >= NETWORK_ROWS && !isImbalanced(data)) {
    return {
      type: 'neuralNetwork',
      params: { layers: [64, 32], epochs: 40 },
      space: { learningRate: [0.0003, 0.003], l2: [1e-5, 1e-3] },
      patch: {},
      reasons: [
        `${count(data.nRows)} rows of mostly numbers are enough for a network to learn smooth functions of them.`,
      ],
      growth: 1,
    };
  }
  return {
    type: data.nRows < 2000 ? 'extraTrees' : 'randomForest',
    params: { nEstimators: 100, ...(isImbalanced(data) && { minSamplesLeaf: 3 }) },
    space: { minSamplesLeaf: [1, 3, 10] },
    patch: {},
    reasons: ['A forest needs hardly any tuning and is hard to over-fit: what boosting gains over it has been earned.'],
    growth: 1,
  };
}
