import type { EstimatorSpec, ParamSpec } from '../../../../main/contract/config.ts';
import { parseDocument } from 'yaml';
import { describeType, isMapping, keysAt, nodesAt, valuesAt, type SchemaNode } from './schemaWalk.ts';
import { yamlContext, type YamlContext } from './yamlContext.ts';

/** What the editor knows beyond the text: the schema, the estimators, the columns of the data set. */
export interface EditorKnowledge {
  readonly schema: SchemaNode;
  readonly estimators: readonly EstimatorSpec[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly datasets: readonly string[];
  readonly metrics: readonly string[];
}

export interface Completion {
  readonly label: string;
  readonly insertText: string;
  /** A few words at the right of the list: type, default. */
  readonly detail: string;
  readonly documentation: string;
  readonly kind: 'key' | 'value' | 'column';
}

/** What can stand at `offset`, with the part already typed. */
export function completionsAt(
  text: string,
  offset: number,
  knowledge: EditorKnowledge,
): { context: YamlContext; items: Completion[] } {
  const context = yamlContext(text, offset);
  if (context.prefix.startsWith('#')) return { context, items: [] };
  const items = context.isKey ? keyItems(text, context, knowledge) : valueItems(text, context, knowledge);
  return { context, items };
}

const COLUMN_VALUES = new Set(['data.target', 'data.drop.*', 'split.group', 'split.time']);
const COLUMN_KEYS = new Set(['preprocess.types']);

function keyItems(text: string, context: YamlContext, knowledge: EditorKnowledge): Completion[] {
  const path = context.path.join('.');
  const present = new Set(keysPresent(text, context.path));
  present.delete(context.prefix);
  const params = paramsAt(text, path, knowledge);
  const items = params
    ? params.map((p) => paramItem(p, path === 'tune.space'))
    : COLUMN_KEYS.has(path)
      ? knowledge.columns.map((c): Completion => ({
          label: c.name,
          insertText: `${quote(c.name)}: `,
          detail: c.type,
          documentation: '',
          kind: 'column',
        }))
      : keysAt(knowledge.schema, context.path).map(({ name, node }) =>
          schemaKey(name, node, context, knowledge.schema),
        );
  return items.filter((i) => !present.has(i.label));
}

function schemaKey(name: string, node: SchemaNode, context: YamlContext, root: SchemaNode): Completion {
  const isNested = isMapping(root, node) && !context.isFlow;
  return {
    label: name,
    insertText: isNested ? `${name}:\n${' '.repeat(context.indent + 2)}` : `${name}: `,
    detail: describeType(root, node),
    documentation: node.description ?? '',
    kind: 'key',
  };
}

function paramItem(p: ParamSpec, isSpace: boolean): Completion {
  const value = isSpace ? '[]' : p.default === null || p.default === undefined ? '' : scalar(p.default);
  return {
    label: p.name,
    insertText: `${p.name}: ${value}`,
    detail: paramRange(p),
    documentation: `${p.help}${p.unit ? ` (${p.unit})` : ''}`,
    kind: 'key',
  };
}

/** "0 to 0.9", "> 0", "relu | tanh": what a parameter takes. */
export function paramRange(p: ParamSpec): string {
  if (p.choices && p.choices.length > 0) return p.choices.join(' | ');
  if (p.min !== undefined && p.max !== undefined)
    return p.isExclusiveMin ? `above ${p.min}, up to ${p.max}` : `${p.min} to ${p.max}`;
  if (p.min !== undefined) return p.isExclusiveMin ? `above ${p.min}` : `${p.min} or more`;
  if (p.max !== undefined) return `up to ${p.max}`;
  return p.kind === 'integer' ? 'whole number' : p.kind;
}

function valueItems(text: string, context: YamlContext, knowledge: EditorKnowledge): Completion[] {
  const path = context.path.join('.');
  if (COLUMN_VALUES.has(path)) {
    return knowledge.columns.map((c) => ({
      label: c.name,
      insertText: quote(c.name),
      detail: c.type,
      documentation: '',
      kind: 'column',
    }));
  }
  if (path === 'data.dataset') return knowledge.datasets.map((d) => plainValue(d));
  if (path === 'model.type') {
    return knowledge.estimators.map((e) => ({
      label: e.type,
      insertText: e.type,
      detail: e.title,
      documentation: e.description,
      kind: 'value',
    }));
  }
  if (path === 'tune.metric') return ['auto', ...knowledge.metrics].map((m) => plainValue(m));
  const parent = paramsAt(text, context.path.slice(0, -1).join('.'), knowledge);
  const param = parent?.find((p) => p.name === context.path.at(-1));
  if (param) {
    const values = param.kind === 'boolean' ? ['true', 'false'] : [...(param.choices ?? [])];
    if (param.isNullable) values.push('null');
    return values.map((v) => plainValue(v, String(param.default) === v ? 'default' : ''));
  }
  const standard = nodesAt(knowledge.schema, context.path).find((n) => n.default !== undefined)?.default;
  return valuesAt(knowledge.schema, context.path).map((v) => plainValue(String(v), v === standard ? 'default' : ''));
}

function plainValue(label: string, detail = ''): Completion {
  return { label, insertText: quote(label), detail, documentation: '', kind: 'value' };
}

/** The parameters of the file's estimator where the path is about them. */
function paramsAt(text: string, path: string, knowledge: EditorKnowledge): readonly ParamSpec[] | null {
  if (path !== 'model.params' && path !== 'tune.space') return null;
  const type = /(?:^|[\s{,])type:\s*["']?(\w+)/m.exec(text.slice(Math.max(0, text.search(/^model\s*:/m))))?.[1];
  return knowledge.estimators.find((e) => e.type === type)?.params ?? [];
}

function keysPresent(text: string, path: readonly string[]): string[] {
  try {
    let here: unknown = parseDocument(text).toJS();
    for (const part of path)
      here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[part] : undefined;
    return typeof here === 'object' && here !== null && !Array.isArray(here) ? Object.keys(here) : [];
  } catch {
    // Half-typed YAML may not convert (an alias without its anchor); then nothing is hidden from the list.
    return [];
  }
}

/** YAML that reads back as the same text: quoted when it would be a number, a truth value or syntax. */
export function quote(text: string): string {
  const isPlain =
    /^[A-Za-z_][\w .()/%-]*$/.test(text) && !/\s$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain || /^(true|false|null)$/.test(text) ? text : JSON.stringify(text);
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
