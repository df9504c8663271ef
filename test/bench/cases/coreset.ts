import { median, type Bench } from '../harness.ts';
import { measureExcess, type ExcessCase } from '../helpers/coresetExcess.ts';

/** Every set of two classes with 8,000 rows or more; heavy tails and imbalance at three sizes. */
const BINARY: readonly ExcessCase[] = [
  ...[
    'adult',
    'bank_marketing',
    'credit_default',
    'covertype2',
    'electricity',
    'magic',
    'cardio',
    'mushroom',
    'noaa',
  ].map((name) => ({ name, sizes: [2000] })),
  ...['mammography', 'kdd99_http', 'kdd99_smtp'].map((name) => ({ name, sizes: [500, 1000, 2000] })),
];

/** Seeds unless `--runs` asks for more: medians of fewer are not worth quoting. */
const SEEDS = 15;

export const coreset: Bench = {
  name: 'coreset',
  description: 'Excess loss f(β_coreset)/f(β_opt) − 1 of logistic regression, beside five samples of the same size',
  async run(context) {
    const rows = await measureExcess(BINARY, 'logistic', 'lewis', {
      ...context,
      nRuns: Math.max(SEEDS, context.nRuns),
    });
    const times = rows.filter((r) => r.case.endsWith('m = 2000')).map((r) => r.peer! / Math.max(r.ours, 1e-9));
    return [
      ...rows,
      {
        case: 'median set at m = 2000: Lewis ÷ ours',
        unit: '×',
        ours: median(times),
        peer: null,
        peerName: null,
        ratio: null,
        recalibratedOnce: median(
          rows
            .filter((r) => r.case.endsWith('m = 2000'))
            .map((r) => r.peer! / Math.max(Number(r['recalibrated']), 1e-9)),
        ),
      },
    ];
  },
};

export const coresetMulticlass: Bench = {
  name: 'coreset-multiclass',
  description: 'The same with seven and 26 classes',
  run(context) {
    const cases = [
      { name: 'dry_bean', sizes: [2000] },
      { name: 'covertype7', sizes: [4000] },
      { name: 'letter', sizes: [4000] },
    ];
    return measureExcess(cases, 'logistic', 'lewis', { ...context, nRuns: Math.max(SEEDS, context.nRuns) });
  },
};

export const coresetLinear: Bench = {
  name: 'coreset-linear',
  description: 'Excess squared error of least squares on 500 rows, beside uniform and leverage samples',
  run(context) {
    const cases = ['california', 'casp', 'diamonds', 'kc_house', 'bike'].map((name) => ({ name, sizes: [500] }));
    return measureExcess(cases, 'linear', 'leverage', { ...context, nRuns: Math.max(SEEDS, context.nRuns) });
  },
};
