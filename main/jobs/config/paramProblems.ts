import type { ConfigProblem, EstimatorSpec, ParamSpec, RunConfig } from '../../contract/config.ts';
import { nearestName } from '../../data/nearestName.ts';
import { paramProblem, specParam } from '../../models/checkParams.ts';
import { layerProblems } from '../../models/network/layers.ts';
import { expandGrid } from '../../tune/space.ts';
import type { ConfigDocument } from './document.ts';

/** More combinations than this take longer than anybody waits. */
const MAX_GRID = 20_000;

/** What is wrong with the parameters and the search space of a known estimator. */
export function paramProblems(document: ConfigDocument, config: RunConfig, spec: EstimatorSpec): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(config.model.params)) {
    problems.push(...checkOne(document, ['model', 'params', name], name, [value], spec));
  }
  for (const [name, values] of Object.entries(config.tune?.space ?? {})) {
    const path = ['tune', 'space', name];
    if (Array.isArray(values)) problems.push(...checkOne(document, path, name, values, spec));
    else problems.push(...checkRange(document, path, name, values, spec));
  }
  return problems.length > 0 ? problems : sizeProblems(document, config);
}

function checkOne(
  document: ConfigDocument,
  path: readonly string[],
  name: string,
  values: readonly unknown[],
  spec: EstimatorSpec,
): ConfigProblem[] {
  const param = specParam(spec.params, name);
  if (!param) return [unknownParam(document, path, name, spec)];
  const isList = path[0] === 'tune';
  if (param.kind === 'layers' && !isList && Array.isArray(values[0])) {
    return layerProblems(values[0]).map(({ index, message }) => ({
      severity: 'error' as const,
      message,
      path: [...path, index].join('.'),
      span: document.valueSpan([...path, index]),
    }));
  }
  return values.flatMap((value, i) => {
    const expected = paramProblem(param, value);
    if (expected === undefined) return [];
    return [
      {
        severity: 'error' as const,
        message: `${name} must be ${expected}, not ${JSON.stringify(value)}.`,
        path: path.join('.'),
        span: document.valueSpan(isList ? [...path, i] : path),
        ...(!isList &&
          param.default !== undefined && {
            fix: {
              label: `Use the default, ${JSON.stringify(param.default)}`,
              replacement: JSON.stringify(param.default),
            },
          }),
      },
    ];
  });
}

function checkRange(
  document: ConfigDocument,
  path: readonly string[],
  name: string,
  range: { min: number; max: number; log: boolean },
  spec: EstimatorSpec,
): ConfigProblem[] {
  const param = specParam(spec.params, name);
  if (!param) return [unknownParam(document, path, name, spec)];
  const at = (key: string, message: string): ConfigProblem => ({
    severity: 'error',
    message,
    path: [...path, key].join('.'),
    span: document.valueSpan([...path, key]),
  });
  if (param.kind !== 'number' && param.kind !== 'integer') {
    return [at('min', `${name} is not a number, so it cannot have a range; list its values instead.`)];
  }
  if (range.max < range.min) return [at('max', `The range of ${name} is empty: max ${range.max} is below min.`)];
  if (range.log && range.min <= 0) return [at('min', `A range on a log scale must start above 0.`)];
  return (['min', 'max'] as const).flatMap((key) => {
    const expected = paramProblem({ ...param, kind: 'number' } as ParamSpec, range[key]);
    return expected === undefined ? [] : [at(key, `${name} must be ${expected}, not ${range[key]}.`)];
  });
}

function unknownParam(
  document: ConfigDocument,
  path: readonly string[],
  name: string,
  spec: EstimatorSpec,
): ConfigProblem {
  const names = spec.params.map((param) => param.name);
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const nearest = names.find((known) => known === camel) ?? nearestName(name, names);
  return {
    severity: 'error',
    message: `${spec.title} has no parameter "${name}"${nearest ? `; did you mean "${nearest}"?` : `. There are: ${names.join(', ')}.`}`,
    path: path.join('.'),
    span: document.keySpan(path),
    ...(nearest && { fix: { label: `Use "${nearest}"`, replacement: nearest } }),
  };
}

function sizeProblems(document: ConfigDocument, { tune }: RunConfig): ConfigProblem[] {
  if (tune?.method !== 'grid') return [];
  const lengths = Object.values(tune.space).map((values) => (Array.isArray(values) ? values.length : 5));
  const size = lengths.reduce((product, length) => product * length, 1);
  if (size <= MAX_GRID) {
    // The grid as the search expands it must not be empty.
    return expandGrid(tune.space).length > 0 ? [] : [emptySpace(document)];
  }
  return [
    {
      severity: 'error',
      message: `This grid has ${size.toLocaleString('en')} configurations; at most ${MAX_GRID.toLocaleString('en')} can be tried. Use method: random or bayesian.`,
      path: 'tune.method',
      span: document.valueSpan(['tune', 'method']),
      fix: { label: 'Use bayesian', replacement: 'bayesian' },
    },
  ];
}

const emptySpace = (document: ConfigDocument): ConfigProblem => ({
  severity: 'error',
  message: 'The search space has no configuration.',
  path: 'tune.space',
  span: document.valueSpan(['tune', 'space']),
});
