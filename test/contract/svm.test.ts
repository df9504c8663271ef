import { svmFamily } from '../../main/models/svm/index.ts';
import { estimatorSuite } from './estimatorSuite.ts';

for (const entry of svmFamily) {
  const { type } = entry.spec;
  estimatorSuite(entry, {
    ...(type === 'svc' && { exactParams: { tol: 1e-8, probability: false }, weightTolerance: 1e-4 }),
    ...(type === 'svr' && { exactParams: { tol: 1e-8 }, weightTolerance: 1e-4 }),
    ...(type === 'linearSvm' && { exactParams: { tol: 1e-10 }, weightTolerance: 1e-4 }),
  });
}
