import type { Matrix } from '../../kernels/matrix.ts';
import { checkParams } from '../checkParams.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Feature, FitContext, TargetInfo } from '../estimator.ts';
import { parseClassWeight, type ClassWeight } from '../linear/classWeight.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { checkpointState, restoreCheckpoint } from './checkpoint.ts';
import { healthFindings } from './findings.ts';
import { FittedNetwork, restoreNetwork } from './fitted.ts';
import { forward, type Network } from './forward.ts';
import { parseLayers, type Layer } from './layers.ts';
import { networkParamSpecs, type NetworkParams } from './params.ts';
import { reportEpoch } from './reporting.ts';
import type { Head } from './stepProgram.ts';
import { trainNetwork, type Trained, type TrainOptions } from './trainer.ts';
import { checkNumbers, prepareRows } from './trainingRows.ts';
import { input } from '../../tensor/program.ts';

/** A feed-forward network; its last layer and its loss follow from the task. */
export class NeuralNetwork implements Estimator {
  readonly type = 'neuralNetwork';
  private readonly params: NetworkParams;
  private readonly layers: readonly Layer[];
  private readonly classWeight: ClassWeight;

  constructor(params: NetworkParams, layers: readonly Layer[], classWeight: ClassWeight) {
    this.params = params;
    this.layers = layers;
    this.classWeight = classWeight;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedNetwork> {
    const { params, layers, classWeight } = this;
    checkFitInput(X, y, target, context.sampleWeight);
    const head = headOf(target);
    const network = networkFor(X.nCols, target, context.features, params, layers);
    const watchShare = params.earlyStopping ? params.validationFraction : 0;
    const rows = prepareRows(X, y, target, context, { classWeight, watchShare });
    checkNumbers(rows.train.X, network, context);
    const config = { params, layers };
    const named = new Set<string>();
    const { checkpoints } = context;
    const resumeFrom = checkpoints?.resumeFrom && restoreCheckpoint(checkpoints.resumeFrom);
    if (resumeFrom) {
      context.task.log(`Going on after epoch ${resumeFrom.history.length} of ${params.epochs}.`);
      for (const record of resumeFrom.history) reportEpoch(context.task, record, target, rows.target.scale);
    }
    const trained = await trainNetwork(trainOptions(params, network, head), rows, context, {
      ...(resumeFrom && { resumeFrom }),
      ...(checkpoints && {
        isCheckpointDue: () => checkpoints.isDue?.() ?? true,
        onCheckpoint: (found) => checkpoints.save(checkpointState(found)),
      }),
      onEpoch: (history, firstLoss) => {
        reportEpoch(context.task, history.at(-1)!, target, rows.target.scale);
        for (const finding of healthFindings(history, firstLoss, config)) {
          if (named.has(finding.code)) continue;
          named.add(finding.code);
          context.task.log(`${finding.title}. ${finding.detail}`);
          context.onFinding?.(finding);
        }
      },
    });
    const findings = healthFindings(trained.history, trained.firstLoss, config);
    const { best } = trained;
    const summary = summarise(trained, rows.target.scale);
    return new FittedNetwork(
      { target, network, head, scale: rows.target, summary, findings },
      best.theta,
      best.running,
    );
  }
}

const headOf = (target: TargetInfo): Head =>
  target.task === 'regression' ? 'regression' : needsClasses(target) === 2 ? 'binary' : 'multiclass';

/** The network for these columns. Throws AppError LAYER_SHAPE naming a layer that does not fit. */
function networkFor(
  nInputs: number,
  target: TargetInfo,
  features: readonly Feature[] | undefined,
  { activation, initializer, l1, l2 }: NetworkParams,
  layers: readonly Layer[],
): Network {
  const nOutputs = headOf(target) === 'multiclass' ? needsClasses(target) : 1;
  const categories = (features ?? []).flatMap(({ kind, nLevels }, column) =>
    kind === 'category' ? [{ column, nLevels: Math.max(1, nLevels ?? 1) }] : [],
  );
  const network: Network = { nInputs, nOutputs, layers, categories, activation, initializer, l1, l2 };
  forward(network, input('x', ['n', nInputs]), {
    parameter: (slot) => input(slot.name, slot.shape),
    running: (name, units) => input(name, [units]),
  });
  return network;
}

function trainOptions(params: NetworkParams, network: Network, head: Head): TrainOptions {
  return { ...params, network, head, optimizer: params };
}

function summarise({ history, progress, stopped, nParameters }: Trained, scale: number): FittedNetwork['summary'] {
  const best = history.find(({ epoch }) => epoch === progress.bestEpoch);
  return {
    epochs: history.length,
    bestEpoch: progress.bestEpoch,
    parameters: nParameters,
    stopped: stopped ?? 'all epochs',
    ...(best && { loss: best.loss * scale * scale }),
    ...(best?.validationLoss != null && { validationLoss: best.validationLoss * scale * scale }),
  };
}

export const neuralNetwork: EstimatorEntry = {
  spec: {
    type: 'neuralNetwork',
    title: 'Neural network',
    family: 'network',
    tasks: ['binary', 'multiclass', 'regression'],
    description:
      'Layers of weighted sums and curves. Learns interactions by itself; wants scaled features and some thousand rows.',
    params: [...networkParamSpecs],
    coresetService: 'network',
    suggestedSpace: { learningRate: { min: 0.0003, max: 0.01, log: true }, l2: [0, 1e-5, 1e-4, 1e-3] },
  },
  make: ({ classWeight, ...given }) => {
    const specs = networkParamSpecs.filter(({ name }) => name !== 'classWeight');
    const params = checkParams('neuralNetwork', specs, given) as unknown as NetworkParams;
    return new NeuralNetwork(params, parseLayers(params.layers), parseClassWeight(classWeight));
  },
  restore: restoreNetwork,
};
