import type { ParamSpec } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import { matrix, type Matrix } from '../../kernels/matrix.ts';
import { returnArena, takeArena } from '../../kernels/wasm/arena.ts';
import { openRowTeam } from '../../kernels/wasm/rowKernels.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Fitted, FitContext, FittedState, TargetInfo } from '../estimator.ts';
import { argmaxRows } from '../tree/outputs.ts';
import { checkParams } from '../checkParams.ts';
import { KMeansRows, type Clustering } from './lloyd.ts';
import { silhouette } from './silhouette.ts';

interface KMeansParams {
  readonly nClusters: number;
  readonly nInit: number;
  readonly maxIter: number;
  readonly tol: number;
  readonly algorithm: 'lloyd' | 'miniBatch';
  readonly batchSize: number;
}

const paramSpecs: readonly ParamSpec[] = [
  {
    name: 'nClusters',
    aliases: ['k'],
    kind: 'integer',
    label: 'Clusters',
    default: 8,
    min: 1,
    max: 10_000,
    help: 'How many groups to find.',
  },
  {
    name: 'nInit',
    kind: 'integer',
    label: 'Starts',
    default: 3,
    min: 1,
    max: 100,
    help: 'Random starts; the best one is kept.',
  },
  {
    name: 'maxIter',
    kind: 'integer',
    label: 'Most iterations',
    default: 300,
    min: 1,
    isAdvanced: true,
    help: 'Iterations per start.',
  },
  {
    name: 'tol',
    kind: 'number',
    label: 'Tolerance',
    default: 1e-4,
    min: 0,
    isAdvanced: true,
    help: 'Stop when centres move by less than this share of the mean variance.',
  },
  {
    name: 'algorithm',
    kind: 'choice',
    label: 'Algorithm',
    default: 'lloyd',
    choices: ['lloyd', 'miniBatch'],
    isAdvanced: true,
    help: 'miniBatch looks at random batches first and is faster on very many rows.',
  },
  {
    name: 'batchSize',
    kind: 'integer',
    label: 'Batch',
    default: 1024,
    min: 1,
    isAdvanced: true,
    help: 'Rows per mini-batch.',
  },
];

/** k-means. Takes no target: `y` is ignored, the prediction is the cluster's number. */
export class KMeans implements Estimator {
  readonly type = 'kMeans';
  private readonly params: KMeansParams;

  constructor(params: KMeansParams) {
    this.params = params;
  }

  async fit(X: Matrix, _y: Float64Array, _target: TargetInfo, context: FitContext): Promise<FittedKMeans> {
    const { params } = this;
    const { nClusters: k } = params;
    const w = context.sampleWeight;
    const counted = w ? w.reduce((sum, v) => sum + Number(v > 0), 0) : X.nRows;
    if (k > counted) {
      throw new AppError({
        code: 'TOO_FEW_DISTINCT_ROWS',
        message: `k-means was asked for ${k} clusters, but there are only ${counted} rows.`,
        fix: { kind: 'setParam', label: `Use ${counted} clusters`, args: { name: 'nClusters', value: counted } },
      });
    }
    const arena = takeArena();
    const team = await openRowTeam(arena, X.nRows < 20_000 ? 1 : context.threads);
    try {
      const rows = new KMeansRows(X, w, arena, team);
      let best: Clustering | undefined;
      const given = context.initialCentres?.length === k * X.nCols ? context.initialCentres : undefined;
      for (let start = 0; start < (given ? 1 : params.nInit); start++) {
        const rng = context.rng.fork(`start ${start}`);
        let centres = given ? rows.centred(given) : rows.seed(k, rng);
        if (params.algorithm === 'miniBatch') {
          const nBatches = Math.min(params.maxIter, Math.ceil((10 * X.nRows) / params.batchSize));
          centres = rows.miniBatches(centres, params.batchSize, nBatches, rng.fork('batches'));
        }
        const maxIter = params.algorithm === 'miniBatch' ? 1 : params.maxIter;
        const found = await rows.lloyd(centres, { maxIter, tol: params.tol }, context.task);
        if (!best || found.inertia < best.inertia) best = found;
      }
      const { centres, labels, inertia, iterations, isConverged } = best!;
      const score = silhouette(X, labels, k, context.rng.fork('silhouette'), 1000);
      return new FittedKMeans(X.nCols, k, centres, {
        inertia,
        iterations,
        converged: isConverged,
        clusters: k,
        ...(score !== null && { silhouette: score }),
      });
    } finally {
      team.close();
      returnArena(arena);
    }
  }
}

export class FittedKMeans implements Fitted {
  readonly type = 'kMeans';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly nClusters: number;
  /** Shape (k, d). */
  readonly centres: Float64Array;
  readonly summary: Fitted['summary'];

  constructor(d: number, k: number, centres: Float64Array, summary: Fitted['summary']) {
    this.nFeaturesIn = d;
    this.nClusters = k;
    this.centres = centres;
    this.summary = summary;
    const classNames = Array.from({ length: k }, (_, c) => `Cluster ${c + 1}`);
    this.target = { task: 'multiclass', nClasses: k, classNames };
  }

  /** −½|x − c|² + ½|x|², shape (nSamples, k): largest for the nearest centre. */
  private scores({ data, nRows, nCols: d }: Matrix): Matrix {
    if (d !== this.nFeaturesIn) throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${d}`);
    const k = this.nClusters;
    const half = this.halfNorms();
    const out = new Float64Array(nRows * k);
    for (let i = 0; i < nRows; i++) {
      for (let c = 0; c < k; c++) {
        let sum = -half[c]!;
        for (let j = 0; j < d; j++) sum += data[i * d + j]! * this.centres[c * d + j]!;
        out[i * k + c] = sum;
      }
    }
    return matrix(out, nRows, k);
  }

  /** Squared distance of each row to its centre, shape (nSamples,). */
  rowLoss(X: Matrix): Float64Array {
    const { data, nRows, nCols: d } = X;
    const labels = argmaxRows(this.scores(X));
    return Float64Array.from({ length: nRows }, (_, i) => {
      const centre = labels[i]! * d;
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (data[i * d + j]! - this.centres[centre + j]!) ** 2;
      return sum;
    });
  }

  private halfNorms(): Float64Array {
    const d = this.nFeaturesIn;
    return Float64Array.from({ length: this.nClusters }, (_, c) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += this.centres[c * d + j]! ** 2;
      return sum / 2;
    });
  }

  async predict(X: Matrix): Promise<Float64Array> {
    return argmaxRows(this.scores(X));
  }

  /** 1 for the cluster a row is in. */
  async predictProba(X: Matrix): Promise<Matrix> {
    const labels = await this.predict(X);
    const data = new Float64Array(X.nRows * this.nClusters);
    labels.forEach((label, i) => (data[i * this.nClusters + label] = 1));
    return matrix(data, X.nRows, this.nClusters);
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const [k, d] = [this.nClusters, this.nFeaturesIn];
    const n = x.shape[0] ?? 'n';
    const shape = [n, k];
    const columns = new Float64Array(d * k);
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) columns[j * k + c] = this.centres[c * d + j]!;
    const centres = graph.constant({ type: 'float32', shape: [d, k], data: columns }, 'centres');
    const half = graph.constant({ type: 'float32', shape: [1, k], data: this.halfNorms() }, 'halfNorms');
    const scores = graph.node('Sub', [graph.node('MatMul', [x, centres], { type: 'float32', shape }), half], {
      type: 'float32',
      shape,
    });
    const label = graph.node(
      'ArgMax',
      [scores],
      { type: 'int64', shape: [n] },
      {
        axis: { kind: 'int', value: 1 },
        keepdims: { kind: 'int', value: 0 },
      },
    );
    const depth = graph.constant({ type: 'int64', shape: [], data: [k] }, 'depth');
    const values = graph.constant({ type: 'float32', shape: [2], data: [0, 1] }, 'offOn');
    return graph.node('OneHot', [label, depth, values], { type: 'float32', shape });
  }

  toState(): FittedState {
    return {
      type: this.type,
      version: 1,
      json: { d: this.nFeaturesIn, k: this.nClusters, summary: this.summary },
      arrays: { centres: this.centres },
    };
  }
}

function restoreKMeans({ json, arrays }: FittedState): FittedKMeans {
  const { d, k, summary } = json as { d: number; k: number; summary: Fitted['summary'] };
  return new FittedKMeans(d, k, arrays['centres'] as Float64Array, summary);
}

export const kMeans: EstimatorEntry = {
  spec: {
    type: 'kMeans',
    title: 'k-means',
    family: 'cluster',
    tasks: ['unsupervised'],
    description: 'Groups rows around k centres. Scale the features first; compare several k.',
    params: [...paramSpecs],
    coresetService: 'kmeans',
    suggestedSpace: { nClusters: [2, 3, 4, 5, 6, 8, 10, 12] },
  },
  make: (params) => new KMeans(checkParams('kMeans', paramSpecs, params) as unknown as KMeansParams),
  restore: restoreKMeans,
};
