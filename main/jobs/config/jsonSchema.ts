import { z } from 'zod';
import { RunConfig, type EstimatorSpec, type ParamSpec } from '../../contract/config.ts';
import { metricsOf } from '../../evaluate/metricNames.ts';

type Schema = Record<string, unknown>;

/** JSON Schema (2020-12) of the configuration file, with every estimator's parameters; published in resources/schemas. */
export function configSchema(estimators: readonly EstimatorSpec[]): Schema {
  const schema = z.toJSONSchema(RunConfig, { io: 'input' }) as Schema;
  const model = at(schema, 'model');
  at(model, 'type')['enum'] = estimators.map(({ type }) => type);
  at(model, 'type')['enumDescriptions'] = estimators.map(({ title, description }) => `${title}: ${description}`);
  const tasks = ['binary', 'regression', 'clustering', 'decomposition'] as const;
  const metrics = new Set(tasks.flatMap(metricsOf));
  at(at(schema, 'tune'), 'metric')['enum'] = ['auto', ...metrics];
  return {
    ...schema,
    $id: 'pith.schema.json',
    title: 'Pith configuration',
    allOf: estimators.map(({ type, params }) => ({
      if: { properties: { model: { properties: { type: { const: type } }, required: ['type'] } } },
      // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word
      then: { properties: { model: { properties: { params: paramsSchema(params) } } } },
    })),
  };
}

function at(schema: Schema, property: string): Schema {
  return (schema['properties'] as Record<string, Schema>)[property]!;
}

function paramsSchema(params: readonly ParamSpec[]): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      params.flatMap((param) => [param.name, ...(param.aliases ?? [])].map((name) => [name, paramSchema(param)])),
    ),
  };
}

function paramSchema(param: ParamSpec): Schema {
  const { min, max, isExclusiveMin, choices, isNullable } = param;
  const types = { number: 'number', integer: 'integer', boolean: 'boolean', choice: 'string', text: 'string' } as const;
  const type = param.kind === 'layers' || param.kind === 'json' ? undefined : types[param.kind];
  const own: Schema = {
    ...(type !== undefined && { type }),
    ...(min !== undefined && { [isExclusiveMin ? 'exclusiveMinimum' : 'minimum']: min }),
    ...(max !== undefined && { maximum: max }),
    ...(choices !== undefined && type === 'string' && { enum: choices }),
  };
  const words = choices !== undefined && type !== 'string' ? [{ enum: choices }] : [];
  const table = param.allowsTable ? [{ type: 'object', additionalProperties: { type: 'number', minimum: 0 } }] : [];
  const shapes = [own, ...words, ...table, ...(isNullable ? [{ type: 'null' }] : [])];
  return {
    ...(shapes.length === 1 ? own : { anyOf: shapes }),
    ...(param.default !== undefined && { default: param.default }),
    description: `${param.help}${param.unit ? ` (${param.unit})` : ''}`,
  };
}
