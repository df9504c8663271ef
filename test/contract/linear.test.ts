import { baselineFamily } from '../../main/models/baseline/index.ts';
import { linearFamily } from '../../main/models/linear/index.ts';
import { estimatorSuite } from './estimatorSuite.ts';

const loopless = 'it only counts';

for (const entry of linearFamily) {
  const { type } = entry.spec;
  const isIterative = type === 'logisticRegression' || type === 'huber' || type === 'lasso' || type === 'elasticNet';
  estimatorSuite(entry, {
    ...(isIterative && { exactParams: { tol: 1e-9 } }),
    ...(type === 'lasso' || type === 'elasticNet' ? { params: { alpha: 0.1 } } : {}),
  });
}

const logistic = linearFamily[0]!;
for (const penalty of ['l1', 'elasticNet', 'none']) {
  const C = penalty === 'none' ? 1 : 0.5;
  estimatorSuite(logistic, {
    name: `logisticRegression, ${penalty}`,
    params: { penalty, C, classWeight: 'balanced' },
    exactParams: { tol: 1e-9 },
  });
}

for (const entry of baselineFamily) estimatorSuite(entry, { learns: 1.01, isInstant: loopless });
