import { treeFamily } from '../../main/models/tree/index.ts';
import { estimatorSuite } from './estimatorSuite.ts';

// Leaves count rows, so a repeated row and a row of weight two differ where a leaf must hold more than one.
const byRows = { minSamplesLeaf: 1 };

for (const entry of treeFamily) {
  const { type } = entry.spec;
  if (type === 'gradientBoosting') {
    estimatorSuite(entry, { params: { maxIter: 20, minSamplesLeaf: 5 }, exactParams: byRows });
  } else if (type === 'decisionTree') {
    estimatorSuite(entry, { params: { maxDepth: 5 } });
  } else {
    // Rows and weights are drawn differently: a forest is the same in distribution, not number by number.
    estimatorSuite(entry, {
      params: { nEstimators: 10, maxDepth: 6 },
      exactParams: { bootstrap: false, maxFeatures: null },
    });
  }
}
