import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isMap, isScalar, parseDocument } from 'yaml';
import { METRIC_NAMES } from '../../../contract/metrics.ts';
import type { Evaluation, MetricSet, MetricValue, RunDetail, RunFinding } from '../../../contract/run.ts';
import { AppError } from '../../../contract/errors.ts';
import { readArgs } from '../args.ts';
import { number, printJson, table } from '../output.ts';
import { existingFile } from '../reading.ts';
import { type Session, withSession } from '../session.ts';
import { openTestRows, saidOfTestRows } from '../testRows.ts';

export function run(argv: string[]): Promise<number> {
  const { values, positionals } = readArgs('run', argv, ['CONFIG'], {
    project: { type: 'string' },
    'open-test': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const configPath = existingFile(positionals[0]!);
  const yaml = withAbsolutePath(readFileSync(configPath, 'utf8'), dirname(configPath));
  return withSession('run', async (session) => {
    const project = session.openProject(values.project, dirname(configPath));
    if (values['open-test']) await refuseWithoutTestRows(session, project.id, yaml);
    const { runId, jobId } = await session.engine.ask('run.start', { projectId: project.id, yaml });
    await session.finish(project.id, jobId);
    const detail = values['open-test']
      ? await openTestRows(session, project, runId)
      : await session.engine.ask('run.get', { projectId: project.id, runId });
    if (values.json) await printJson(report(detail, project.path));
    else console.log(describe(detail, project.path));
    return 0;
  });
}

/** Said before the run, not after it. */
async function refuseWithoutTestRows({ engine }: Session, projectId: string, yaml: string): Promise<void> {
  const { config } = await engine.ask('config.check', { projectId, yaml });
  if (config === null || config.split.test > 0) return;
  throw new AppError({
    code: 'TEST_ROWS_NONE',
    message: 'The configuration keeps no test rows back, so there are none to open.',
    fix: { kind: 'setOption', label: 'Write split: {test: 0.2}, or leave --open-test out' },
  });
}

/**
 * `data.path` made absolute, because the engine does not know where the file lies. Only that value is replaced:
 * lines and columns of everything else stay, so that errors name the right place.
 */
export function withAbsolutePath(yaml: string, folder: string): string {
  const { contents } = parseDocument(yaml);
  const data = isMap(contents) ? contents.get('data', true) : undefined;
  const path = isMap(data) ? data.get('path', true) : undefined;
  if (!isScalar(path) || typeof path.value !== 'string' || isAbsolute(path.value) || !path.range) return yaml;
  const [start, end] = path.range;
  return yaml.slice(0, start) + JSON.stringify(resolve(folder, path.value)) + yaml.slice(end);
}

/** The document of `--json`. */
export function report(detail: RunDetail, projectPath: string) {
  const result = detail.result!;
  const reading = (evaluations: readonly Evaluation[]) => {
    const on = (rows: string) => evaluations.find((evaluation) => evaluation.rows === rows)?.metrics;
    const metricsOn = (rows: string) => mapped(on(rows), ({ value }) => value);
    const intervalsOn = (rows: string) => mapped(on(rows), intervalOf);
    return {
      metrics: { coreset: metricsOn('coreset'), full: metricsOn('full'), baseline: metricsOn('baseline') },
      intervals: { coreset: intervalsOn('coreset'), full: intervalsOn('full') },
    };
  };
  const { test } = result;
  const { task, target, nRows, nTrain, nValidation, nTest, model, params, coreset, fidelity, timings } = result;
  return {
    runId: detail.id,
    task,
    target,
    nRows,
    nTrain,
    nValidation,
    nTest,
    model,
    params,
    coreset: coreset && { size: coreset.size, level: coreset.level, nRows: coreset.nRows },
    coresetChoice: result.coresetChoice ?? null,
    ...reading(result.evaluations),
    test: test ? { nTest: test.nTest, openedAt: test.openedAt, looks: test.looks, ...reading(test.evaluations) } : null,
    fidelity,
    timings,
    warnings: [...result.warnings, ...saidOf(result.findings)],
    split: result.splitNote,
    versionHash: detail.versionHash,
    versions: result.versions,
    nFeatures: result.nFeatures ?? null,
    final: result.final ?? null,
    provenance: result.provenance ?? null,
    project: projectPath,
  };
}

/** What the window shows as cards; over-fitting of a forest, say, is no warning. */
const saidOf = (findings: readonly RunFinding[]): string[] =>
  findings.filter(({ severity }) => severity !== 'info').map(({ title, detail }) => `${title}. ${detail}`);

function mapped<T>(metrics: MetricSet | undefined, of: (metric: MetricValue) => T): Record<string, T> | null {
  return metrics ? Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, of(metric)])) : null;
}

/** `[low, high]`, why there is none, or null where it was not computed. */
const intervalOf = ({ low, high, interval }: MetricValue): [number, number] | MetricValue['interval'] | null =>
  low !== undefined && high !== undefined ? [low, high] : (interval ?? null);

function told(found: ReturnType<typeof intervalOf> | undefined): string {
  if (found === 'tooFewRows') return 'too few rows';
  if (found === 'tooFewGroups') return 'too few groups';
  return found ? `${number(found[0])} to ${number(found[1])}` : '–';
}

/** The record of a run as a person reads it. */
export function describe(detail: RunDetail, projectPath: string): string {
  const whole = report(detail, projectPath);
  const { model, params, metrics, intervals, coreset, nTrain, nValidation, warnings, timings, runId, fidelity, test } =
    whole;
  const kinds = (['coreset', 'full', 'baseline'] as const).filter((kind) => metrics[kind] !== null);
  // A metric that one model's rows leave undefined is shown with a dash beside the other's.
  const names = METRIC_NAMES.filter((name) => kinds.some((kind) => metrics[kind]?.[name] !== undefined));
  const titles = { coreset: `coreset (${coreset?.nRows} rows)`, full: `all rows (${nTrain})`, baseline: 'baseline' };
  const isWithInterval = (kind: (typeof kinds)[number]) =>
    kind !== 'baseline' && Object.values(intervals[kind] ?? {}).some((found) => found !== null);
  // One model is enough beside so many columns: that of all rows, where there is one.
  const tested = test && (test.metrics.full === null ? 'coreset' : 'full');
  const head = [
    ...kinds.flatMap((kind) => [titles[kind], ...(isWithInterval(kind) ? ['95 % interval'] : [])]),
    ...(tested ? [`${tested === 'full' ? 'all rows' : 'coreset'} on ${test.nTest} test rows`, '95 % interval'] : []),
  ];
  const rows = names.map((name) => [
    name,
    ...kinds.flatMap((kind) => [
      number(metrics[kind]?.[name]) || '–',
      ...(kind !== 'baseline' && isWithInterval(kind) ? [told(intervals[kind]?.[name])] : []),
    ]),
    ...(tested ? [number(test.metrics[tested]?.[name]) || '–', told(test.intervals[tested]?.[name])] : []),
  ]);
  const testRows = saidOfTestRows(detail);
  return [
    `${detail.name}: ${model} ${JSON.stringify(params)}`,
    `${[detail.target, detail.task].filter(Boolean).join(', ')}; evaluated on ${nValidation} held-out rows`,
    '',
    table(['metric', ...head], rows),
    ...(testRows === '' ? [] : ['', testRows]),
    ...(fidelity?.excessLoss == null ? [] : ['', `excess loss of the coreset: ${number(100 * fidelity.excessLoss)} %`]),
    ...(whole.coresetChoice ? ['', whole.coresetChoice.note] : []),
    ...(detail.result?.final ? ['', detail.result.final.note] : []),
    ...warnings.map((warning) => `warning: ${warning}`),
    '',
    `${number(timings.totalMs / 1000)} s; kept as ${runId} in ${projectPath}`,
  ].join('\n');
}
