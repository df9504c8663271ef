/** A JSON Schema node, as far as completions read it. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

/** All nodes a node stands for: references followed, alternatives laid side by side. */
function alternatives(node: SchemaNode | undefined, root: SchemaNode, depth = 0): SchemaNode[] {
  if (!node || depth > 12) return [];
  if (node.$ref !== undefined) return alternatives(resolve(node.$ref, root), root, depth + 1);
  const parts = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  const inner = parts.flatMap((p) => alternatives(p, root, depth + 1));
  return [node, ...inner];
}

function resolve(ref: string, root: SchemaNode): SchemaNode | undefined {
  let at: unknown = root;
  for (const part of ref.replace(/^#\/?/, '').split('/')) {
    if (part === '') continue;
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at as SchemaNode | undefined;
}

/** Every node that describes the value at `path` (`*` is a list item). */
export function nodesAt(root: SchemaNode, path: readonly string[]): SchemaNode[] {
  let here = alternatives(root, root);
  for (const part of path) {
    here = here.flatMap((node) => {
      const next =
        part === '*'
          ? node.items
          : (node.properties?.[part] ??
            (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined));
      return alternatives(next, root);
    });
  }
  return here;
}

/** Keys a mapping at `path` can have. */
export function keysAt(root: SchemaNode, path: readonly string[]): { name: string; node: SchemaNode }[] {
  const seen = new Map<string, SchemaNode>();
  for (const node of nodesAt(root, path))
    for (const [name, child] of Object.entries(node.properties ?? {})) if (!seen.has(name)) seen.set(name, child);
  return [...seen].map(([name, node]) => ({ name, node }));
}

/** Fixed values the schema allows at `path`. */
export function valuesAt(root: SchemaNode, path: readonly string[]): unknown[] {
  const nodes = nodesAt(root, path);
  const out = nodes.flatMap((n) => [...(n.enum ?? []), ...('const' in n ? [n.const] : [])]);
  if (nodes.some((n) => typeNames(n).includes('boolean'))) out.push(true, false);
  return [...new Set(out)];
}

function typeNames(node: SchemaNode): readonly string[] {
  if (node.type === undefined) return [];
  return typeof node.type === 'string' ? [node.type] : node.type;
}

/** Does the value at `path` hold keys of its own? */
export function isMapping(root: SchemaNode, node: SchemaNode): boolean {
  return alternatives(node, root).some((n) => n.properties !== undefined || typeNames(n).includes('object'));
}

/** "number, 0 to 1, default 0.2": what may stand at a node, in words. */
export function describeType(root: SchemaNode, node: SchemaNode): string {
  const all = alternatives(node, root);
  const choices = [...new Set(all.flatMap((n) => [...(n.enum ?? []), ...('const' in n ? [n.const] : [])]))];
  const types = [...new Set(all.flatMap(typeNames))].filter((t) => t !== 'null');
  const bounds = all.find(
    (n) => n.minimum !== undefined || n.exclusiveMinimum !== undefined || n.maximum !== undefined,
  );
  const words = [
    choices.length > 0 ? choices.map(String).join(' | ') : types.map((t) => TYPE_WORDS[t] ?? t).join(' or '),
  ];
  if (bounds) {
    const low =
      bounds.exclusiveMinimum !== undefined
        ? `> ${bounds.exclusiveMinimum}`
        : bounds.minimum !== undefined
          ? `≥ ${bounds.minimum}`
          : '';
    // zod bounds every integer by the largest safe one; that is no news to anyone
    const high = bounds.maximum !== undefined && bounds.maximum < 2 ** 53 - 1 ? `≤ ${bounds.maximum}` : '';
    words.push([low, high].filter(Boolean).join(' and '));
  }
  const given = all.find((n) => n.default !== undefined)?.default;
  if (given !== undefined && typeof given !== 'object') words.push(`default ${String(given)}`);
  return words.filter(Boolean).join(', ');
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'mapping',
  array: 'list',
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};
