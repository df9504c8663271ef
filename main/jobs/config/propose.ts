import type { ColumnProfile } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { patchYaml } from '../../contract/patchYaml.ts';
import { analyseTarget, type TargetAnalysis } from '../../data/targets.ts';
import { versionFindings } from '../dependence/versionFindings.ts';

export interface Proposal {
  readonly yaml: string;
  readonly target: string;
  /** Why each choice was made, a sentence each. */
  readonly reasons: string[];
  /** What was found in the data and what the configuration does about it. */
  readonly findings: string[];
}

/** Findings that are told even where no split of the columns there are would mend them. */
const ABOUT_SPLIT = ['GROUPS', 'SPLIT_DISHONEST'];

/** Names that say a column is what is to be predicted; without one it is most often the last. */
const TARGET_NAMES = /^(target|label|class|outcome|y|churn|survived|default(ed)?|is_\w+)$/i;

/** A configuration to start from, for a version of the data; throws AppError when no column can be predicted. */
export async function propose(
  file: string,
  dataset: string,
  profile: readonly ColumnProfile[],
  wanted: string | undefined,
): Promise<Proposal> {
  const { target, analysis } = await chooseTarget(file, profile, wanted);
  const reasons = [describeTarget(target, analysis, wanted === undefined)];
  const isRegression = analysis.task === 'regression';
  const nRows = analysis.nRows - analysis.nMissing;
  const metric = isRegression ? 'rmse' : 'rocAuc';
  const size = coresetSize(nRows);
  const model = isRegression
    ? ['model: {type: ridge, params: {alpha: 1.0}}', `space: {alpha: [0.01, 0.1, 1, 10, 100]}`]
    : ['model: {type: logisticRegression, params: {C: 1.0}}', `space: {C: [0.01, 0.1, 1, 10]}`];
  reasons.push(
    isRegression
      ? 'Ridge regression first: fast, and its coefficients can be read. Trees and boosting can be compared with it.'
      : 'Logistic regression first: fast, calibrated, and its coefficients can be read. Boosting can be compared with it.',
  );
  const coreset = size === 'auto' ? 'coreset: auto' : `coreset: {size: ${size}, seed: 42}`;
  reasons.push(
    size === 'auto'
      ? 'The search runs on a coreset where that makes the run cheaper, and on all rows where it does not; the run says which, and why.'
      : `The search runs on a coreset of ${size.toLocaleString('en')} of ${nRows.toLocaleString('en')} rows; the winner is also fitted on all rows.`,
  );
  reasons.push(
    'Files are scored by a model fitted again on training and validation rows (fit.final: all); metrics are those of the one that did not see the validation rows.',
  );
  let yaml = [
    `data: {dataset: ${JSON.stringify(dataset)}, target: ${JSON.stringify(target)}, task: ${analysis.task}}`,
    `split: {validation: 0.2, stratify: ${!isRegression}, seed: 42}`,
    coreset,
    model[0]!,
    'tune:',
    '  method: grid',
    `  ${model[1]}`,
    '  folds: 5',
    `  metric: ${metric}`,
    '  on: coreset',
    'fit: {final: all}',
    '',
  ].join('\n');
  const findings: string[] = [];
  for (const finding of await versionFindings(file, profile, target)) {
    if (finding.patch === null && !ABOUT_SPLIT.includes(finding.code)) continue;
    if (finding.patch !== null) yaml = patchYaml(yaml, finding.patch);
    findings.push(`${finding.title}: ${finding.detail}`);
  }
  return { yaml, target, reasons, findings };
}

/** The size a run chooses by itself, if it wants a coreset at all; larger for millions of rows: a thousandth of them. */
function coresetSize(nRows: number): number | 'auto' {
  const size = Math.min(20_000, Math.round(nRows / 1000 / 500) * 500);
  return size > 2000 ? size : 'auto';
}

async function chooseTarget(
  file: string,
  profile: readonly ColumnProfile[],
  wanted: string | undefined,
): Promise<{ target: string; analysis: TargetAnalysis }> {
  if (wanted !== undefined) return { target: wanted, analysis: await analyseTarget(file, wanted, 'auto') };
  const names = profile.map(({ name }) => name);
  const likely = names.filter((name) => TARGET_NAMES.test(name));
  for (const target of [...likely, ...names.toReversed()]) {
    try {
      return { target, analysis: await analyseTarget(file, target, 'auto') };
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
    }
  }
  throw new AppError({
    code: 'NO_TARGET',
    message: 'No column of this table can be predicted: each has one value only or a value of its own in every row.',
    fix: { kind: 'importData', label: 'Import another file' },
  });
}

function describeTarget(target: string, { task, classes }: TargetAnalysis, isGuess: boolean): string {
  const kind = task === 'regression' ? 'a number' : `one of ${classes.length} classes`;
  return `${isGuess ? `"${target}" looks like what is to be predicted` : `The target is "${target}"`}: ${kind}, so this is ${task === 'regression' ? 'regression' : `${task} classification`}.`;
}
