import { RunConfig, type ConfigProblem, type EstimatorSpec } from '../../contract/config.ts';
import type { ColumnType } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { chooseMetric } from '../../evaluate/metricNames.ts';
import { nearestName } from '../../data/nearestName.ts';
import { ownNames } from '../../models/checkParams.ts';
import { estimatorSpecs, structureOf } from '../../models/registry.ts';
import { ConfigDocument } from './document.ts';
import { paramProblems } from './paramProblems.ts';
import { schemaProblems } from './schemaProblems.ts';

export interface CheckedConfig {
  /** Null when there are errors. */
  readonly config: RunConfig | null;
  readonly problems: ConfigProblem[];
}

/** Columns of the data a configuration names; null where they are not known yet (a file still to be imported). */
export type KnownColumns = readonly { readonly name: string; readonly type: ColumnType }[] | null;

/**
 * Checks a configuration file: syntax, schema, estimator and parameters, search space, columns.
 * @param columnsOf looks up the columns of the data that `data` names; may throw AppError, which becomes a problem
 */
export async function checkConfig(
  yaml: string,
  columnsOf: (data: RunConfig['data']) => KnownColumns,
): Promise<CheckedConfig> {
  const document = new ConfigDocument(yaml);
  const syntax = syntaxProblems(document);
  if (syntax.length > 0) return { config: null, problems: syntax };
  const parsed = RunConfig.safeParse(document.doc.toJS() ?? {});
  if (!parsed.success) return { config: null, problems: schemaProblems(document, parsed.error.issues) };
  const config = parsed.data;
  const specs = await estimatorSpecs();
  const spec = specs.find(({ type }) => type === config.model.type);
  const problems = [
    ...sourceProblems(document, config),
    ...(spec
      ? [...targetProblems(document, config, spec), ...paramProblems(document, config, spec)]
      : unknownModel(document, config, specs)),
    ...metricProblems(document, config, spec),
    ...columnProblems(document, config, columnsOf),
  ];
  if (!spec || problems.some(({ severity }) => severity === 'error')) return { config: null, problems };
  return { config: withOwnNames(config, spec), problems };
}

/** The configuration; throws AppError CONFIG_INVALID that names the line of the first error. */
export async function requireConfig(
  yaml: string,
  columnsOf: (data: RunConfig['data']) => KnownColumns,
): Promise<RunConfig> {
  const { config, problems } = await checkConfig(yaml, columnsOf);
  if (config) return config;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError({
    code: 'CONFIG_INVALID',
    message: `line ${first?.span.line}: ${first?.message}${more}`,
    fix: { kind: 'editConfig', label: first?.fix?.label ?? 'Correct the configuration', args: { path: first?.path } },
    ...(first && { span: first.span }),
  });
}

function syntaxProblems(document: ConfigDocument): ConfigProblem[] {
  return document.doc.errors.map(({ message, pos }) => ({
    severity: 'error',
    message: `This is not YAML: ${message.split('\n')[0]}`,
    path: '',
    span: document.span(pos[0], pos[1]),
  }));
}

function sourceProblems(document: ConfigDocument, { data }: RunConfig): ConfigProblem[] {
  if (data.path !== undefined || data.dataset !== undefined || data.version !== undefined) return [];
  return [
    {
      severity: 'error',
      message: 'data names no table: give path (a file) or dataset (a data set of the project).',
      path: 'data',
      span: document.keySpan(['data']),
    },
  ];
}

/** `k` and `nClusters` are one parameter; what runs knows one name for it. */
function withOwnNames(config: RunConfig, { params }: EstimatorSpec): RunConfig {
  const model = { ...config.model, params: ownNames(params, config.model.params) };
  return {
    ...config,
    model,
    ...(config.tune && { tune: { ...config.tune, space: ownNames(params, config.tune.space) } }),
  };
}

function unknownModel(document: ConfigDocument, config: RunConfig, specs: readonly EstimatorSpec[]): ConfigProblem[] {
  const names = specs.map(({ type }) => type);
  const nearest = nearestName(config.model.type, names);
  return [
    {
      severity: 'error',
      message: `There is no model "${config.model.type}"${nearest ? `; did you mean "${nearest}"?` : `. There are: ${names.join(', ')}.`}`,
      path: 'model.type',
      span: document.valueSpan(['model', 'type']),
      ...(nearest && { fix: { label: `Use ${nearest}`, replacement: nearest } }),
    },
  ];
}

/** A model predicts a target or finds structure; the target and the task must go with it. */
function targetProblems(
  document: ConfigDocument,
  { data, preprocess }: RunConfig,
  spec: EstimatorSpec,
): ConfigProblem[] {
  const structure = structureOf(spec);
  const hasStructureTask = data.task === 'clustering' || data.task === 'decomposition';
  const at = (key: string, message: string, more: Partial<ConfigProblem> = {}): ConfigProblem => ({
    severity: 'error',
    message,
    path: `data.${key}`,
    span: document.valueSpan(['data', key]),
    ...more,
  });
  const problems: ConfigProblem[] = [];
  if (structure === null) {
    if (data.target === '') problems.push(at('target', `data.target is missing. ${spec.title} predicts a column.`));
    if (hasStructureTask)
      problems.push(
        at('task', `${spec.title} predicts a target, so the task cannot be ${data.task}.`, {
          fix: { label: 'Use auto', replacement: 'auto' },
        }),
      );
    return problems;
  }
  if (data.task !== 'auto' && data.task !== structure)
    problems.push(
      at('task', `${spec.title} predicts no target: its task is ${structure}, not ${data.task}.`, {
        fix: { label: `Use ${structure}`, replacement: structure },
      }),
    );
  if (data.target !== '')
    problems.push(
      at('target', `${spec.title} predicts nothing: "${data.target}" is left out of the features.`, {
        severity: 'warning',
      }),
    );
  if (preprocess.encode === 'target')
    problems.push({
      severity: 'error',
      message: `Categories cannot be encoded by a target, because ${spec.title} has none.`,
      path: 'preprocess.encode',
      span: document.valueSpan(['preprocess', 'encode']),
      fix: { label: 'Use oneHot', replacement: 'oneHot' },
    });
  return problems;
}

/** A metric must be one of some task; whether it suits this one is known when the target was looked at. */
function metricProblems(
  document: ConfigDocument,
  { tune, data }: RunConfig,
  spec: EstimatorSpec | undefined,
): ConfigProblem[] {
  if (tune === undefined) return [];
  const structure = spec ? structureOf(spec) : null;
  const tasks =
    structure !== null
      ? [structure]
      : data.task === 'auto'
        ? (['binary', 'multiclass', 'regression'] as const)
        : ([data.task] as const);
  let refused: AppError | undefined;
  for (const task of tasks) {
    try {
      chooseMetric(tune.metric, task);
      return [];
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      refused ??= cause;
    }
  }
  return [
    {
      severity: 'error',
      message: refused?.message ?? '',
      path: 'tune.metric',
      span: document.valueSpan(['tune', 'metric']),
    },
  ];
}

function columnProblems(
  document: ConfigDocument,
  config: RunConfig,
  columnsOf: (data: RunConfig['data']) => KnownColumns,
): ConfigProblem[] {
  let columns: KnownColumns;
  try {
    columns = columnsOf(config.data);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const key = config.data.version !== undefined ? 'version' : config.data.dataset !== undefined ? 'dataset' : 'path';
    const span = document.valueSpan(['data', key]);
    return [{ severity: 'error', message: cause.message, path: `data.${key}`, span }];
  }
  if (columns === null) return [];
  const names = columns.map(({ name }) => name);
  const { data, split, preprocess } = config;
  const used: [PropertyKey[], string][] = [
    ...(data.target === '' ? [] : [[['data', 'target'], data.target] as [PropertyKey[], string]]),
    ...data.drop.map((name, i): [PropertyKey[], string] => [['data', 'drop', i], name]),
    ...(split.group === undefined ? [] : [[['split', 'group'], split.group] as [PropertyKey[], string]]),
    ...(split.time === undefined || split.time === 'rowOrder'
      ? []
      : [[['split', 'time'], split.time] as [PropertyKey[], string]]),
    ...Object.keys(preprocess.types).map((name): [PropertyKey[], string] => [['preprocess', 'types', name], name]),
  ];
  return used.flatMap(([path, name]) => {
    if (names.includes(name)) return [];
    const nearest = nearestName(name, names);
    const isKey = path[1] === 'types';
    return [
      {
        severity: 'error' as const,
        message: `The data has no column "${name}"${nearest ? `; did you mean "${nearest}"?` : '.'}`,
        path: path.map(String).join('.'),
        span: isKey ? document.keySpan(path) : document.valueSpan(path),
        ...(nearest && { fix: { label: `Use "${nearest}"`, replacement: nearest } }),
      },
    ];
  });
}
