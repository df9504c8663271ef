import type { Matrix } from '../../kernels/matrix.ts';
import { checkParams } from '../checkParams.ts';
import type { EstimatorEntry } from '../entry.ts';
import { holdOutRows } from '../common/holdOut.ts';
import { holdOutFinding } from '../common/holdOutFinding.ts';
import type { Estimator, Feature, FitContext, HoldOut, ModelFinding, TargetInfo } from '../estimator.ts';
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
    const { parts, finding } = holdOutFor(params, y, target, context);
    const rows = prepareRows(X, y, target, context, { classWeight, parts });
    checkNumbers(X, rows, network, context);
    const config = { params, layers };
    const named = new Set<string>();
    const tell = (found: ModelFinding) => {
      if (named.has(found.code)) return;
      named.add(found.code);
      context.task.log(`${found.title}. ${found.detail}`);
      context.onFinding?.(found);
    };
    if (finding) tell(finding);
    const { checkpoints } = context;
    const resumeFrom = checkpoints?.resumeFrom && restoreCheckpoint(checkpoints.resumeFrom);
    if (resumeFrom) {
      context.task.log(`Going on after epoch ${resumeFrom.history.length} of ${params.epochs}.`);
      for (const record of resumeFrom.history) reportEpoch(context.task, record, rows.target.scale);
    }
    const options = trainOptions(params, network, head, rows.held !== null);
    const trained = await trainNetwork(options, rows, context, {
      ...(resumeFrom && { resumeFrom }),
      ...(checkpoints && {
        isCheckpointDue: () => checkpoints.isDue?.() ?? true,
        onCheckpoint: (found) => checkpoints.save(checkpointState(found)),
      }),
      onEpoch: (history, firstLoss) => {
        reportEpoch(context.task, history.at(-1)!, rows.target.scale);
        for (const found of healthFindings(history, firstLoss, config)) tell(found);
      },
    });
    const health = healthFindings(trained.history, trained.firstLoss, config);
    const findings = finding ? [finding, ...health] : health;
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

function trainOptions(params: NetworkParams, network: Network, head: Head, hasHeldRows: boolean): TrainOptions {
  return { ...params, earlyStopping: params.earlyStopping && hasHeldRows, network, head, optimizer: params };
}

/** Rows held out where something is chosen by them, and what a person should know of them. */
function holdOutFor(
  { earlyStopping, schedule, validationFraction: share }: NetworkParams,
  y: Float64Array,
  target: TargetInfo,
  context: FitContext,
): { readonly parts: HoldOut | null; readonly finding: ModelFinding | null } {
  const hasPlateaus = schedule === 'plateau';
  if (!earlyStopping && !hasPlateaus) return { parts: null, finding: null };
  const parts = holdOutRows(y, target, share, context);
  const purpose = earlyStopping ? 'early stopping' : 'the plateau schedule';
  const trained = earlyStopping ? 'All epochs were trained, on all rows, and the last is kept.' : '';
  const lowered = hasPlateaus ? 'The rate falls when the loss of the training rows stops falling.' : '';
  const instead = [trained, lowered].filter((said) => said !== '').join(' ');
  return { parts, finding: holdOutFinding(parts, { y, target, share, context, purpose, instead }) };
}

function summarise({ history, progress, stopped, nParameters }: Trained, scale: number): FittedNetwork['summary'] {
  const best = history.find(({ epoch }) => epoch === progress.bestEpoch);
  return {
    epochs: history.length,
    bestEpoch: progress.bestEpoch,
    parameters: nParameters,
    stopped: stopped ?? 'all epochs',
    ...(best && { loss: best.loss * scale * scale }),
    ...(best?.holdOutLoss != null && { holdOutLoss: best.holdOutLoss * scale * scale }),
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
