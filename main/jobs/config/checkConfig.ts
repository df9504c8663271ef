import { RunConfig, type ConfigProblem } from '../../contract/config.ts';
import type { ColumnType } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { chooseMetric } from '../../evaluate/metricNames.ts';
import { nearestName } from '../../data/nearestName.ts';
import { estimatorSpecs } from '../../models/registry.ts';
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
  const problems = [
    ...sourceProblems(document, config),
    ...(await modelProblems(document, config)),
    ...metricProblems(document, config),
    ...columnProblems(document, config, columnsOf),
  ];
  return { config: problems.some(({ severity }) => severity === 'error') ? null : config, problems };
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

async function modelProblems(document: ConfigDocument, config: RunConfig): Promise<ConfigProblem[]> {
  const specs = (await estimatorSpecs()).filter(({ tasks }) => tasks.some((task) => task !== 'unsupervised'));
  const spec = specs.find(({ type }) => type === config.model.type);
  if (spec) return paramProblems(document, config, spec);
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

/** A metric must be one of some task; whether it suits this one is known when the target was looked at. */
function metricProblems(document: ConfigDocument, { tune, data }: RunConfig): ConfigProblem[] {
  if (tune === undefined) return [];
  const tasks = data.task === 'auto' ? (['binary', 'multiclass', 'regression'] as const) : ([data.task] as const);
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
    [['data', 'target'], data.target],
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
