import type { CoresetModel } from '../../../contract/coreset.ts';
import type { MetricName } from '../../../contract/metrics.ts';
import type { Coreset, CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { fitLinear } from '../../../coreset/services/linearLoss/fit.ts';
import { LinearPilot } from '../../../coreset/services/linearLoss/pilot.ts';
import { scores } from '../../../coreset/services/linearLoss/density.ts';
import { solveLinear } from '../../../coreset/services/linearLoss/solve.ts';
import { score } from '../../../evaluate/scorer.ts';
import { argmaxRows } from '../../../models/tree/outputs.ts';

interface Known {
  readonly weight: Float64Array;
  readonly beta: Float64Array;
  readonly model: CoresetModel;
}

/** The last model of each tree: the next fit starts from it. */
const models = new WeakMap<CoresetTree, Known>();

/** The metrics worth a glance after an edit. */
const SHOWN: readonly MetricName[] = ['logLoss', 'rocAuc', 'accuracy', 'rmse', 'r2'];

/** The model fitted on the root as it is, from where the last fit ended; null where the service has none. */
export async function modelOf(tree: CoresetTree): Promise<CoresetModel | null> {
  const { pilot } = tree;
  if (!(pilot instanceof LinearPilot) || pilot.loss.name === 'squaredHinge') return null;
  const coreset = tree.coreset(0);
  const known = models.get(tree);
  if (known?.weight === coreset.weight) return known.model;
  const from = performance.now();
  const beta = await fit(pilot, coreset, known?.beta ?? pilot.beta);
  const model = {
    metrics: metricsOf(pilot, coreset, beta),
    before: known?.model.metrics ?? null,
    fitMs: performance.now() - from,
  };
  models.set(tree, { weight: coreset.weight, beta, model });
  return model;
}

async function fit({ loss, settings }: LinearPilot, coreset: Coreset, start: Float64Array): Promise<Float64Array> {
  const options = { C: settings.C, penalty: settings.penaltyWeight, start };
  // One output needs no graph: Newton's steps from the former model are few and cheap.
  return loss.nOut === 1
    ? fitLinear(coreset, loss, { ...options, tolerance: 1e-10 }).beta
    : solveLinear(coreset, loss, options);
}

function metricsOf({ loss, nFeatures: d }: LinearPilot, { X, y, weight }: Coreset, beta: Float64Array) {
  const f = new Float64Array(loss.nOut);
  const [g, v, p] = [new Float64Array(loss.nOut), new Float64Array(loss.nOut), new Float64Array(loss.nOut)];
  const K = Math.max(1, loss.nClasses);
  const out = new Float64Array(X.nRows * K);
  for (let i = 0; i < X.nRows; i++) {
    scores(X.data, i * d, d, beta, loss.nOut, f);
    loss.at(f, y[i]!, g, v, p);
    if (loss.name === 'logistic') out.set([1 - p[0]!, p[0]!], i * 2);
    else out.set(p, i * K);
  }
  const proba = { data: out, nRows: X.nRows, nCols: K };
  const said = loss.name === 'squared' ? { predicted: out } : { labels: argmaxRows(proba), proba };
  const all = score(said, y, weight);
  return Object.fromEntries(SHOWN.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}
