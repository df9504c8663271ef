import type { Fidelity, FitRows, RunResult } from '../../contract/run.ts';
import { metricGaps } from '../../evaluate/compare.ts';
import { createRng } from '../../kernels/rng.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import type { Fitted } from '../../models/estimator.ts';
import { hasCoefficients } from '../../models/linear/coefficients.ts';
import { copiesFinding } from '../copies/finding.ts';
import type { CoresetStep } from '../coreset/coresetStep.ts';
import type { SettledConfig } from '../coreset/settled.ts';
import type { Judged } from '../seal/judged.ts';
import { evaluateOn } from './evaluateOn.ts';
import { fullObjective } from './objective.ts';
import { overfitting } from './overfit.ts';
import { provenanceOf, versions } from './provenance.ts';
import type { Prepared } from '../rows/prepare.ts';
import { coresetRecord } from '../coreset/record.ts';
import { computeSaved } from '../coreset/saved.ts';
import { recordedTestRows, toldTestRows } from '../testRows/hash.ts';
import type { Tuned } from '../tuned.ts';

export interface RunParts {
  readonly file: string;
  readonly config: SettledConfig;
  readonly entry: EstimatorEntry;
  readonly prepared: Prepared;
  readonly coreset: CoresetStep | null;
  readonly models: readonly Judged[];
  readonly tuned: Tuned;
  readonly threads: number;
}

/** Everything the record of a run says, but for its timings. */
export async function describeRun(parts: RunParts): Promise<Omit<RunResult, 'timings'>> {
  const { config, entry, prepared, coreset, models, tuned } = parts;
  const { analysis, split, preprocessor, train } = prepared;
  const fidelity = await measureFidelity(parts);
  const judged = models.find(({ model }) => model.rows === 'full');
  const full = judged?.model.pipeline.fitted;
  const evaluations = models.map((one) => evaluateOn(one, prepared, one.model.artefact !== null));
  const ofFull = evaluations.find(({ rows }) => rows === 'full');
  const fit = full ? await overfitting(full, ofFull, prepared, tuned.params, config) : { findings: [] };
  // A kernel machine of all rows may be beyond any memory: then the model of the coreset comes first.
  const copies = copiesFinding(prepared, (judged ?? models[0])?.said);
  const warnings = [...prepared.warnings];
  if (config.data.task === 'auto' && analysis.task === 'multiclass' && analysis.type === 'integer') {
    warnings.push(
      `"${config.data.target}" holds ${analysis.classes.length} whole numbers and was taken as classes; set data.task to regression to predict its value.`,
    );
  }
  return {
    task: analysis.task,
    target: config.data.target,
    classes: [...analysis.classes],
    nRows: prepared.nRows,
    nTrain: split.train.length,
    nValidation: split.validation.length,
    nTest: split.test.length,
    ...recordedTestRows(split.test),
    nDropped: analysis.nMissing,
    model: entry.spec.type,
    params: tuned.params,
    coreset: coresetRecord(
      config,
      coreset && { nRows: coreset.sample.y.length, service: coreset.service, hasTree: coreset.tree !== null },
    ),
    evaluations,
    fidelity,
    trials: tuned.trials,
    tuneMetric: tuned.metric,
    ...(tuned.ranking && { ranking: tuned.ranking }),
    saved: computeSaved(
      models.map(({ model }) => model),
      tuned,
      config,
    ),
    warnings,
    findings: [...copies, ...(full?.findings ?? []), ...fit.findings],
    ...('overfit' in fit && fit.overfit && { overfit: fit.overfit }),
    ...(full && coefficientsOf(full, prepared)),
    inputs: preprocessor.inputs.map(({ name, type }) => ({ name, type })),
    splitNote: `${split.note} ${split.train.length.toLocaleString('en-US')} rows are trained on, ${split.validation.length.toLocaleString('en-US')} held out.${toldTestRows(split.test)}`,
    versions: versions(),
    nFeatures: train.X.nCols,
    provenance: provenanceOf(parts.file, config, parts.threads),
  };
}

/** The coreset's model beside the one of all rows, on the same validation rows. */
async function measureFidelity({ models, prepared, tuned, coreset }: RunParts): Promise<Fidelity | null> {
  const of = (rows: FitRows) => models.find(({ model }) => model.rows === rows);
  const [onCoreset, full] = [of('coreset'), of('full')];
  if (!onCoreset || !full || !coreset) return null;
  const { y } = prepared.validation;
  const best = await fullObjective(full.model.pipeline.fitted, prepared.train, tuned.params);
  const excess = async (judged: Judged | undefined) => {
    const value =
      judged && best !== null && best > 0
        ? await fullObjective(judged.model.pipeline.fitted, prepared.train, tuned.params)
        : null;
    return value === null || best === null ? null : value / best - 1;
  };
  const nResamples = Math.round(Math.min(100, Math.max(20, 500_000 / y.length)));
  const gaps = metricGaps(onCoreset.said, full.said, y, createRng(11), nResamples, prepared.validationGroups);
  const plain = (judged: Judged | undefined) =>
    judged &&
    Object.fromEntries(
      Object.entries(metricGaps(judged.said, full.said, y, createRng(11), 0)).map(([name, { gap }]) => [name, gap]),
    );
  const uniform = plain(of('uniform'));
  const stratified = plain(of('stratified'));
  const excessLoss = await excess(onCoreset);
  return {
    excessLoss,
    gaps,
    nValidation: y.length,
    ...(uniform && { uniform, uniformExcessLoss: await excess(of('uniform')) }),
    ...(stratified && { stratified, stratifiedExcessLoss: await excess(of('stratified')) }),
    advice: advise(excessLoss, coreset.sample.y.length, prepared.train.y.length),
  };
}

function advise(excessLoss: number | null, nRows: number, nTrain: number): string {
  const rows = `${nRows.toLocaleString('en')} rows`;
  if (excessLoss === null)
    return `The gaps say how far ${rows} are from all ${nTrain.toLocaleString('en')} for this model.`;
  const share = 100 * Math.max(0, excessLoss);
  const percent = share < 1e-4 ? '0.0001 %' : `${Number(share.toPrecision(2))} %`;
  if (excessLoss < 0.001)
    return `${rows} stand for all ${nTrain.toLocaleString('en')}: the training loss is within ${percent}.`;
  if (excessLoss < 0.02)
    return `${rows} are within ${percent} of the training loss of all rows: enough for tuning; check the final model on all rows.`;
  return `${rows} are ${percent} off the training loss of all rows: take a larger coreset or the next level before trusting comparisons.`;
}

const MAX_COEFFICIENTS = 2000;

/** Coefficients of all rows' model, largest first; in units of the raw column where it was scaled. */
function coefficientsOf(fitted: Fitted, { preprocessor, analysis }: Prepared): Pick<RunResult, 'coefficients'> {
  if (!hasCoefficients(fitted)) return {};
  const { data, nRows, nCols } = fitted.coefficients;
  const classOf = (k: number) =>
    analysis.task === 'regression' ? null : nRows === 1 ? (analysis.classes[1] ?? null) : (analysis.classes[k] ?? null);
  const list = Array.from({ length: nRows * nCols }, (_, at) => {
    const feature = preprocessor.features[at % nCols]!;
    const value = data[at]!;
    const isScaled = feature.kind === 'number' && feature.scale !== undefined && feature.scale !== 1;
    return {
      feature: feature.name,
      source: feature.source,
      class: classOf(Math.floor(at / nCols)),
      value,
      unitValue: isScaled ? value / feature.scale! : null,
      unit: isScaled ? `per 1 ${feature.source}` : null,
    };
  });
  return { coefficients: list.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MAX_COEFFICIENTS) };
}
