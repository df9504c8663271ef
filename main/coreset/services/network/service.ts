import type { Matrix } from '../../../kernels/matrix.ts';
import type { Rng } from '../../../kernels/rng.ts';
import { quietTask, type TaskContext } from '../../../kernels/task.ts';
import type { TargetInfo } from '../../../models/estimator.ts';
import { pilotRows, thin, type Sample } from '../../draw/reservoir.ts';
import { nClassesOf, type WeightedRows } from '../../rows.ts';
import { LinearPilot } from '../linearLoss/pilot.ts';
import type { Service } from '../service.ts';
import { hiddenRows, type HiddenLayer } from './hidden.ts';
import { NetworkPilot, restoreNetworkPilot } from './pilot.ts';

const PILOT_ROWS = 2000;
/** Hidden units of the pilot: features of its last layer. */
const UNITS = 32;
const EPOCHS = 20;

/** Neural networks: rows by the gradients of a small pilot network's last layer. */
export const networkService: Service = {
  name: 'network',
  async pilot(sample, target, { C }, rng, task) {
    const nRows = Math.min(sample.X.nRows, PILOT_ROWS);
    const rows = thin(sample, pilotRows(sample, nRows, rng.fork('rows')));
    const hidden = await learnHidden(rows, target ?? { task: 'regression' }, rng, task);
    const K = nClassesOf(target);
    const loss = K === 1 ? 'squared' : K === 2 ? 'logistic' : 'softmax';
    const seen: Sample = hiddenRows(hidden, sample);
    const options = { target, C, penaltyWeight: K === 1 ? 0 : 1 };
    const last = LinearPilot.learn('network', loss, options, seen, hiddenRows(hidden, rows), rng.fork('density'));
    return new NetworkPilot(hidden, await last);
  },
  restore: restoreNetworkPilot,
};

/** A layer that a network of one hidden layer learns on `rows`. One thread: a pilot must not depend on how many there are. */
async function learnHidden(
  { X, y, weight }: WeightedRows,
  target: TargetInfo,
  rng: Rng,
  { signal }: TaskContext,
): Promise<HiddenLayer> {
  const [nInputs, nUnits] = [X.nCols, UNITS];
  // Of one class there is nothing to learn: random directions do.
  const isConstant = target.task !== 'regression' && new Set(y).size < 2;
  if (isConstant) return randomLayer(nInputs, nUnits, rng.fork('random'));
  // On demand: threads that only visit rows need no ONNX Runtime.
  const { neuralNetwork } = await import('../../../models/network/neuralNetwork.ts');
  const fitted = await neuralNetwork
    .make({ layers: [nUnits], epochs: EPOCHS, batchSize: 64, earlyStopping: false })
    .fit(floats(X), y, target, {
      sampleWeight: weight,
      rng: rng.fork('network'),
      task: { ...quietTask, signal },
      threads: 1,
    });
  // Parameters lie layer by layer: weights, then biases.
  const theta = Float64Array.from(fitted.toState().arrays['theta']!);
  const at = nInputs * nUnits;
  return { nInputs, nUnits, weight: theta.slice(0, at), bias: theta.slice(at, at + nUnits) };
}

function randomLayer(nInputs: number, nUnits: number, rng: Rng): HiddenLayer {
  const scale = 1 / Math.sqrt(Math.max(1, nInputs));
  const weight = Float64Array.from({ length: nInputs * nUnits }, () => scale * rng.normal());
  return { nInputs, nUnits, weight, bias: new Float64Array(nUnits) };
}

const floats = ({ data, nRows, nCols }: Matrix): Matrix => ({ data: Float32Array.from(data), nRows, nCols });
