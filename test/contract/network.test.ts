import { neuralNetwork } from '../../main/models/network/neuralNetwork.ts';
import { estimatorSuite } from './estimatorSuite.ts';

// Training is in float32: sums of the same rows in another order differ in the seventh digit and steps carry that on.
estimatorSuite(neuralNetwork, {
  params: { layers: [8], epochs: 40, learningRate: 0.02 },
  exactParams: { batchSize: 100_000, earlyStopping: false, epochs: 20 },
  weightTolerance: 1e-4,
});
