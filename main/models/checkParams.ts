import type { ParamSpec } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';

/**
 * Checked parameter values: defaults filled in, unknown names and values out of range refused.
 * Throws AppError PARAM_UNKNOWN or PARAM_OUT_OF_RANGE that names the parameter and what is allowed.
 */
export function checkParams(
  type: string,
  specs: readonly ParamSpec[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  for (const name of Object.keys(given)) {
    if (specParam(specs, name)) continue;
    const near = specs.find((spec) => spec.name.toLowerCase() === name.toLowerCase().replaceAll('_', ''));
    throw new AppError({
      code: 'PARAM_UNKNOWN',
      message: `${type} has no parameter "${name}". There are: ${specs.map((spec) => spec.name).join(', ')}.`,
      ...(near && { fix: { kind: 'renameParam', label: `Use ${near.name}`, args: { from: name, to: near.name } } }),
    });
  }
  const out: Record<string, unknown> = {};
  for (const spec of specs) {
    const name = [spec.name, ...(spec.aliases ?? [])].find((known) => given[known] !== undefined);
    const value = name === undefined ? spec.default : given[name];
    const problem = paramProblem(spec, value);
    if (problem !== undefined) {
      throw new AppError({
        code: 'PARAM_OUT_OF_RANGE',
        message: `${spec.name} must be ${problem}, got ${JSON.stringify(value)}.`,
        fix: {
          kind: 'setParam',
          label: `Use ${JSON.stringify(spec.default)}`,
          args: { name: spec.name, value: spec.default },
        },
      });
    }
    out[spec.name] = value;
  }
  return out;
}

/** The parameter of this name or alias. */
export const specParam = (specs: readonly ParamSpec[], name: string): ParamSpec | undefined =>
  specs.find((spec) => spec.name === name || spec.aliases?.includes(name));

/** `params` under their own names, whatever names the file used. */
export const ownNames = <T>(specs: readonly ParamSpec[], params: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [specParam(specs, name)?.name ?? name, value]));

/** What `value` should have been, or undefined when it is fine. */
export function paramProblem(spec: ParamSpec, value: unknown): string | undefined {
  const orNull = spec.isNullable ? ' or null' : '';
  if (value === null) return spec.isNullable ? undefined : describe(spec);
  switch (spec.kind) {
    case 'number':
    case 'integer': {
      // A choice beside numbers, such as "scale" for gamma
      if (typeof value === 'string' && spec.choices?.includes(value)) return undefined;
      if (typeof value !== 'number' || !Number.isFinite(value)) return describe(spec) + orNull;
      if (spec.kind === 'integer' && !Number.isInteger(value)) return describe(spec) + orNull;
      const isBelow = spec.min !== undefined && (spec.isExclusiveMin ? value <= spec.min : value < spec.min);
      const isAbove = spec.max !== undefined && value > spec.max;
      return isBelow || isAbove ? describe(spec) + orNull : undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'choice': {
      if (spec.allowsTable && typeof value === 'object' && !Array.isArray(value)) return undefined;
      return typeof value === 'string' && spec.choices?.includes(value) ? undefined : describe(spec) + orNull;
    }
    case 'text':
      return typeof value === 'string' ? undefined : 'a text';
    case 'layers':
      return Array.isArray(value) ? undefined : 'a list of sizes';
    case 'json':
      return typeof value === 'object' ? undefined : 'a list or a table of values';
  }
}

function describe(spec: ParamSpec): string {
  const choices = spec.choices?.length ? `one of ${spec.choices.join(', ')}` : undefined;
  if (spec.allowsTable) return `${choices} or a table of class and factor`;
  if (spec.kind !== 'number' && spec.kind !== 'integer') return choices ?? 'a value';
  const kind = spec.kind === 'integer' ? 'a whole number' : 'a number';
  const low = spec.min === undefined ? undefined : `${spec.isExclusiveMin ? 'greater than' : 'at least'} ${spec.min}`;
  const high = spec.max === undefined ? undefined : `at most ${spec.max}`;
  const range = [low, high].filter((part) => part !== undefined).join(' and ');
  return [`${kind}${range && ` ${range}`}`, choices].filter((part) => part !== undefined).join(', or ');
}
