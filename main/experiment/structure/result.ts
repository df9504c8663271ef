import type { EstimatorEntry } from '../../models/entry.ts';
import type { Fidelity, FitRows, RunResult } from '../../contract/run.ts';
import {
  costOf,
  evaluateStructure,
  structureGaps,
  type StructureModel,
  type StructureScores,
} from '../../evaluate/structure.ts';
import { coresetRecord } from '../coreset/record.ts';
import { computeSaved } from '../coreset/saved.ts';
import type { SettledConfig } from '../coreset/settled.ts';
import type { Sealed } from '../seal/sealed.ts';
import { recordedTestRows, toldTestRows } from '../testRows/hash.ts';
import type { Tuned } from '../tuned.ts';
import type { StructureCoreset } from './coreset.ts';
import { provenanceOf, versions } from '../result/provenance.ts';
import type { StructureRows } from './prepare.ts';

/** A saved model, and its scores on the raw validation rows. */
export interface JudgedStructure {
  readonly sealed: Sealed;
  readonly model: StructureModel;
  readonly scores: StructureScores;
}

interface StructureParts {
  readonly file: string;
  readonly config: SettledConfig;
  readonly entry: EstimatorEntry;
  readonly task: 'clustering' | 'decomposition';
  readonly rows: StructureRows;
  readonly coreset: StructureCoreset | null;
  readonly judged: readonly JudgedStructure[];
  readonly tuned: Tuned;
  readonly threads: number;
}

/** Everything the record of a run without a target says, but for its timings. */
export async function describeStructure(parts: StructureParts): Promise<Omit<RunResult, 'timings'>> {
  const { config, entry, task, rows, coreset, judged, tuned, threads } = parts;
  const { split, preprocessor, train } = rows;
  const nValidation = split.validation.length;
  const groups = rows.groupsOf(split.validation);
  const full = judged.find(({ sealed }) => sealed.rows === 'full');
  const warnings = [...rows.warnings];
  if (config.fit.final === 'all')
    warnings.push('fit.final: all is for models that predict a target; this one stays that of the training rows.');
  if (config.data.target !== '') warnings.push(`"${config.data.target}" is left out: nothing is predicted.`);
  return {
    task,
    target: '',
    classes: full && full.model.target.task !== 'regression' ? [...(full.model.target.classNames ?? [])] : [],
    nRows: rows.features.nRows,
    nTrain: split.train.length,
    nValidation,
    nTest: split.test.length,
    ...recordedTestRows(split.test),
    nDropped: 0,
    model: entry.spec.type,
    params: tuned.params,
    coreset: coresetRecord(
      config,
      coreset && { nRows: coreset.sample.rowIds.length, service: coreset.service, hasTree: coreset.drawn !== null },
    ),
    evaluations: judged.map(({ sealed: { rows: kind, nFitRows }, scores }) =>
      evaluateStructure(scores, { rows: kind, nFitRows, hasIntervals: kind !== 'uniform', groups }),
    ),
    fidelity: coreset ? fidelityOf(parts) : null,
    trials: tuned.trials,
    tuneMetric: tuned.metric,
    saved: computeSaved(
      judged.map(({ sealed }) => sealed),
      tuned,
      config,
    ),
    warnings,
    findings: [...(full?.model.findings ?? [])],
    inputs: preprocessor.inputs.map(({ name, type }) => ({ name, type })),
    splitNote: `${split.note} ${split.train.length} rows are learned from, ${nValidation} held out.${toldTestRows(split.test)}`,
    versions: versions(),
    nFeatures: train.X.nCols,
    provenance: provenanceOf(parts.file, config, threads),
  };
}

/** Costs of the models on all training rows, as ratios to that of the model fitted on all of them. */
function fidelityOf({ judged, rows }: StructureParts): Fidelity | null {
  const of = (kind: FitRows) => judged.find(({ sealed }) => sealed.rows === kind);
  const [onCoreset, full, uniform] = [of('coreset'), of('full'), of('uniform')];
  if (!onCoreset || !full) return null;
  const best = costOf(full.model, rows.train.X);
  const excess = (fit: JudgedStructure) => (best > 0 ? costOf(fit.model, rows.train.X) / best - 1 : null);
  const excessLoss = excess(onCoreset);
  const gaps = structureGaps(onCoreset.scores, full.scores, 100, rows.groupsOf(rows.split.validation));
  const plain = uniform && structureGaps(uniform.scores, full.scores, 0);
  return {
    excessLoss,
    gaps,
    nValidation: rows.split.validation.length,
    ...(uniform &&
      plain && {
        uniform: Object.fromEntries(Object.entries(plain).map(([name, { gap }]) => [name, gap])),
        uniformExcessLoss: excess(uniform),
      }),
    ...(excessLoss !== null && { advice: advise(excessLoss, onCoreset.sealed.nFitRows, full.sealed.nFitRows) }),
  };
}

function advise(excessLoss: number, nCoreset: number, nTrain: number): string {
  const rows = `${nCoreset.toLocaleString('en')} rows`;
  const all = nTrain.toLocaleString('en');
  const percent = `${(100 * Math.abs(excessLoss)).toPrecision(2)} %`;
  if (excessLoss < -1e-6)
    return `The model of ${rows} costs ${percent} less on all ${all} rows than the one fitted on them: it found a better optimum.`;
  if (excessLoss < 0.01) return `${rows} stand for all ${all}: their model costs ${percent} more on all rows.`;
  return `The model of ${rows} costs ${percent} more on all ${all} rows: take a larger coreset.`;
}
